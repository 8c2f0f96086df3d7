namespace ModelDsl.Generator.Vocabulary;

/// <summary>
/// The names of layers, activations, losses, functions and optimizers in Keras and PyTorch, with their names in this library. Error messages and code fixes use this
/// table. If a layer with another name is added to this library, update its line. Names that differ only in case need no line.
/// </summary>
internal static class OtherNames
{
    private const string Keras = "Keras";
    private const string PyTorch = "PyTorch";
    private const string Both = "Keras and PyTorch";

    private const string SizeIsKnown = "the size of its input is known from the layer before";
    private const string OwnActivation = "write it as 'private static float F(float x)' and use Activation(nameof(F))";
    private const string OwnLoss = "write a method with [Loss] that computes it from tensors";
    private const string OwnRecurrence = "Scan in a Forward is a recurrence of your own; Lstm, Gru and SimpleRnn are layers";
    private const string ThreeDimensions = "layers of three dimensions are not there yet";
    private const string InForward = "write a Forward for it";
    private const string OwnOptimizer = "this optimizer is not there yet; use Adam, AdamW, Sgd, RmsProp, AdaGrad, NAdam, RAdam or Lion";

    public static IReadOnlyList<OtherName> All { get; } =
    [
        // Layers
        new(PyTorch, "Linear", "Dense", SizeIsKnown) { Arguments = 1 },
        new(PyTorch, "LazyLinear", "Dense"),
        new(Both, "FullyConnected", "Dense"),
        new(PyTorch, "Bilinear", null, "it is not there yet; MatMul in a Forward multiplies two tensors"),
        new(PyTorch, "Identity", null, "leave it out"),
        new(PyTorch, "Conv1d", "Conv1D", SizeIsKnown) { Arguments = 2 },
        new(PyTorch, "Conv2d", "Conv2D", SizeIsKnown) { Arguments = 2 },
        new(Keras, "Convolution2D", "Conv2D"),
        new(Keras, "Convolution1D", "Conv1D"),
        new(Keras, "Conv2DTranspose", "ConvTranspose2D"),
        new(PyTorch, "ConvTranspose2d", "ConvTranspose2D", SizeIsKnown) { Arguments = 2 },
        new(Keras, "DepthwiseConv2D", "Conv2D", "with Groups, the number of channels"),
        new(Keras, "SeparableConv2D", "Conv2D", "one with Groups, the number of channels, and one with a kernel of 1 behind it"),
        new(Both, "Conv3D", null, ThreeDimensions),
        new(Both, "MaxPool3D", null, ThreeDimensions),
        new(Both, "ConvTranspose1D", null, "it is not there yet; use ConvTranspose2D on a Reshape"),
        new(Keras, "MaxPooling1D", "MaxPool1D"),
        new(Keras, "MaxPooling2D", "MaxPool2D"),
        new(Keras, "AveragePooling1D", "AveragePool1D"),
        new(Keras, "AveragePooling2D", "AveragePool2D"),
        new(PyTorch, "AvgPool1d", "AveragePool1D"),
        new(PyTorch, "AvgPool2d", "AveragePool2D"),
        new(PyTorch, "AdaptiveAvgPool1d", "GlobalAveragePool", "where its size is 1") { Arguments = 0 },
        new(PyTorch, "AdaptiveAvgPool2d", "GlobalAveragePool", "where its size is 1") { Arguments = 0 },
        new(Keras, "GlobalAveragePooling1D", "GlobalAveragePool"),
        new(Keras, "GlobalAveragePooling2D", "GlobalAveragePool"),
        new(Keras, "GlobalAvgPool2D", "GlobalAveragePool"),
        new(Keras, "GlobalMaxPooling1D", null, "it is not there yet; use MaxPool1D with the length as its window"),
        new(Keras, "GlobalMaxPooling2D", null, "it is not there yet; use MaxPool2D with the size of the image as its window"),
        new(PyTorch, "AdaptiveMaxPool2d", null, "it is not there yet; use MaxPool2D with the size of the image as its window"),
        new(PyTorch, "Upsample", "UpSample2D"),
        new(Keras, "UpSampling2D", "UpSample2D"),
        new(PyTorch, "PixelShuffle", null, "it is not there yet; use ConvTranspose2D or UpSample2D"),
        new(Keras, "ZeroPadding1D", "Pad"),
        new(Keras, "ZeroPadding2D", "Pad"),
        new(PyTorch, "ZeroPad2d", "Pad"),
        new(PyTorch, "ConstantPad2d", "Pad", "which pads with zeros"),
        new(Keras, "Cropping2D", null, "it is not there; take a part with Slice in a Forward"),
        new(Keras, "TextVectorization", null, "texts become token ids before they reach a model: give the data a TextInput with a WordTokenizer, and begin the model with TokenInput"),
        new(Keras, "BatchNormalization", "BatchNorm"),
        new(PyTorch, "BatchNorm1d", "BatchNorm", SizeIsKnown) { Arguments = 0 },
        new(PyTorch, "BatchNorm2d", "BatchNorm", SizeIsKnown) { Arguments = 0 },
        new(Keras, "LayerNormalization", "LayerNorm"),
        new(Keras, "GroupNormalization", "GroupNorm"),
        new(Keras, "RMSNormalization", "RmsNorm"),
        new(PyTorch, "InstanceNorm2d", "GroupNorm", "with as many groups as there are channels"),
        new(PyTorch, "Dropout1d", "Dropout2D"),
        new(Keras, "SpatialDropout1D", "Dropout2D"),
        new(Keras, "SpatialDropout2D", "Dropout2D"),
        new(Keras, "GaussianNoise", null, "add Tensor.Normal(like: x) in a Forward"),
        new(Keras, "GaussianDropout", "Dropout"),
        new(PyTorch, "AlphaDropout", "Dropout"),
        new(PyTorch, "Unflatten", "Reshape"),
        new(Keras, "RepeatVector", null, "write an operator in a Forward: an axis that is not there is repeated"),
        new(Keras, "TimeDistributed", null, "leave it out: a Dense works on each position of a sequence by itself"),
        new(Keras, "Masking", "TokenInput", "with Padding, the token that does not count"),
        new(Keras, "InputLayer", "Input"),
        new(Keras, "Lambda", "Activation", "a function of single numbers; anything else is a Forward"),
        new(Keras, "Add", "Residual", "or + in a Forward"),
        new(Keras, "Concatenate", "Parallel", "or Tensor.Concat in a Forward"),
        new(Keras, "Multiply", null, "write * in a Forward"),
        new(Keras, "Subtract", null, "write - in a Forward"),
        new(Both, "Sequential", "Block", "with its layers as attributes of a class"),
        new(PyTorch, "ModuleList", "Repeat", "or a loop in a Forward"),
        new(PyTorch, "EmbeddingBag", "Embedding", "and Mean(0) in a Forward"),
        new(PyTorch, "RNN", "SimpleRnn", SizeIsKnown),
        new(Both, "LSTMCell", null, OwnRecurrence),
        new(Both, "GRUCell", null, OwnRecurrence),
        new(Keras, "Bidirectional", null, "write Bidirectional = true on Lstm, Gru or SimpleRnn"),
        new(Keras, "ConvLSTM2D", null, OwnRecurrence),
        new(Both, "MultiheadAttention", "SelfAttention", "or CrossAttention in a Forward; " + SizeIsKnown),
        new(Keras, "GroupedQueryAttention", "SelfAttention", "with KeyValueHeads"),
        new(Keras, "Attention", null, "write Tensor.Attention(queries, keys, values) in a Forward"),
        new(PyTorch, "Transformer", "TransformerEncoder", "and TransformerDecoder in a Forward"),
        new(PyTorch, "TransformerEncoderLayer", "TransformerEncoder", SizeIsKnown),
        new(PyTorch, "TransformerDecoderLayer", null, "write x.TransformerDecoder(memory, heads, hidden) in a Forward"),
        new(Keras, "SinePositionEncoding", "SinusoidalEmbedding"),
        new(Keras, "PositionEmbedding", "PositionalEmbedding"),

        // Activations
        new(Keras, "Swish", "Silu"),
        new(Both, "SELU", null, OwnActivation),
        new(PyTorch, "ReLU6", null, OwnActivation),
        new(PyTorch, "PReLU", null, "a learned slope is not there yet; use LeakyRelu"),
        new(PyTorch, "RReLU", "LeakyRelu"),
        new(PyTorch, "CELU", "Elu"),
        new(Both, "Mish", null, OwnActivation),
        new(Both, "Hardtanh", null, OwnActivation),
        new(PyTorch, "Hardswish", null, OwnActivation),
        new(Both, "Hardsigmoid", null, OwnActivation),
        new(Both, "Softsign", null, OwnActivation),
        new(PyTorch, "Softshrink", null, OwnActivation),
        new(PyTorch, "Tanhshrink", null, OwnActivation),
        new(PyTorch, "LogSigmoid", null, "BinaryCrossEntropy takes the logits and applies it itself"),
        new(PyTorch, "LogSoftmax", null, "SoftmaxCrossEntropy takes the logits and applies it itself: leave it out before the loss"),
        new(PyTorch, "GLU", null, "write x.Slice(…) * x.Slice(…).Sigmoid() in a Forward"),

        // Losses
        new(PyTorch, "CrossEntropyLoss", "SoftmaxCrossEntropy"),
        new(PyTorch, "CrossEntropy", "SoftmaxCrossEntropy"),
        new(PyTorch, "cross_entropy", "SoftmaxCrossEntropy"),
        new(PyTorch, "NLLLoss", "SoftmaxCrossEntropy", "which takes the logits: leave out the LogSoftmax before it"),
        new(Keras, "SparseCategoricalCrossentropy", "SoftmaxCrossEntropy", "which takes the logits: leave out the Softmax before it"),
        new(Keras, "CategoricalCrossentropy", "SoftmaxCrossEntropy", "with SoftTargets = true, which takes the logits: leave out the Softmax before it"),
        new(Keras, "BinaryCrossentropy", "BinaryCrossEntropy"),
        new(PyTorch, "BCELoss", "BinaryCrossEntropy", "which takes the logits: leave out the Sigmoid before it"),
        new(PyTorch, "BCEWithLogitsLoss", "BinaryCrossEntropy"),
        new(PyTorch, "BCE", "BinaryCrossEntropy"),
        new(PyTorch, "MSELoss", "MeanSquaredError"),
        new(Both, "MSE", "MeanSquaredError"),
        new(PyTorch, "L1Loss", "MeanAbsoluteError"),
        new(Both, "MAE", "MeanAbsoluteError"),
        new(PyTorch, "SmoothL1Loss", "Huber"),
        new(PyTorch, "HuberLoss", "Huber"),
        new(PyTorch, "KLDivLoss", null, OwnLoss),
        new(Keras, "KLDivergence", null, OwnLoss),
        new(PyTorch, "PoissonNLLLoss", null, OwnLoss),
        new(Keras, "Poisson", null, OwnLoss),
        new(PyTorch, "GaussianNLLLoss", null, OwnLoss),
        new(Keras, "Hinge", null, OwnLoss),
        new(PyTorch, "HingeEmbeddingLoss", null, OwnLoss),
        new(PyTorch, "MarginRankingLoss", null, OwnLoss),
        new(PyTorch, "TripletMarginLoss", null, OwnLoss),
        new(PyTorch, "CosineEmbeddingLoss", null, OwnLoss),
        new(Keras, "CosineSimilarity", null, OwnLoss),
        new(Keras, "LogCosh", null, OwnLoss),
        new(PyTorch, "MultiMarginLoss", null, OwnLoss),
        new(PyTorch, "CTCLoss", null, "it is not there yet"),

        // Functions of tensors
        new(PyTorch, "view", "Reshape"),
        new(PyTorch, "mm", "MatMul"),
        new(PyTorch, "bmm", "MatMul"),
        new(Keras, "dot", "MatMul"),
        new(PyTorch, "cat", "Concat", "Tensor.Concat(a, b)"),
        new(Both, "Permute", null, "Transpose in a Forward changes the last two axes for one another; others are not there yet"),
        new(PyTorch, "detach", "StopGradient"),
        new(PyTorch, "pow", "Square", "for the power 2; others are an Activation of your own"),
        new(PyTorch, "narrow", "Slice"),
        new(PyTorch, "shape", "Size", "Size(axis), Channels, Length or Rank"),
        new(PyTorch, "randn_like", "Normal", "Tensor.Normal(like: x)"),
        new(PyTorch, "tril", "CausalMask", "Tensor.CausalMask(length), for Softmax(mask)"),
        new(PyTorch, "masked_fill", "Softmax", "Softmax(mask) takes the mask"),
        new(PyTorch, "tensor", "Constant", "Tensor.Constant(values, shape)"),
        new(PyTorch, "ones", "Constant", "Tensor.Constant(1.0, shape)"),
        new(PyTorch, "squeeze", "Reshape"),
        new(PyTorch, "unsqueeze", "Reshape"),
        new(PyTorch, "clamp", null, OwnActivation),
        new(PyTorch, "max", null, "MaxPool1D or MaxPool2D take the maximum of windows; others are not there yet"),

        // Optimizers
        new(Both, "RMSprop", "RmsProp") { IsOptimizer = true },
        new(Both, "Adagrad", "AdaGrad") { IsOptimizer = true },
        new(Keras, "Nadam", "NAdam") { IsOptimizer = true },
        new(Both, "Adamax", null, OwnOptimizer) { IsOptimizer = true },
        new(Both, "Adadelta", null, OwnOptimizer) { IsOptimizer = true },
        new(PyTorch, "LBFGS", null, OwnOptimizer) { IsOptimizer = true },
        new(Both, "Momentum", "Sgd", "with momentum") { IsOptimizer = true },
    ];

    /// <summary>The optimizers of this library.</summary>
    public static IReadOnlyList<string> Optimizers { get; } = ["Adam", "AdamW", "Sgd", "RmsProp", "AdaGrad", "NAdam", "RAdam", "Lion"];
}

/// <summary>A name of Keras or PyTorch.</summary>
/// <param name="Source">The library that has the name.</param>
/// <param name="Name">The name.</param>
/// <param name="Here">The name in this library; null if there is none.</param>
/// <param name="Remark">An additional remark; may be empty.</param>
internal sealed record OtherName(string Source, string Name, string? Here, string Remark = "")
{
    /// <summary>The number of positional arguments to keep, which are the last ones, if the other library has the sizes of the input first; −1 for all.</summary>
    public int Arguments { get; init; } = -1;

    public bool IsOptimizer { get; init; }
}
