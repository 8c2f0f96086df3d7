namespace ModelDsl.Benchmarks.Steps;

/// <summary>An LSTM over 128 positions of 128 values.</summary>
[Model]
[Input(128, 128)]
[Lstm(128, ReturnSequences = true)]
[MeanSquaredError]
public sealed partial class LstmModel;

/// <summary>A classifier of texts of 100 tokens: an embedding, a convolution, an LSTM.</summary>
[Model]
[TokenInput(100, 20_000)]
[Embedding(32)]
[Conv1D(32, 7), Relu]
[MaxPool1D(5)]
[Lstm(50)]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class TextModel;

/// <summary>The same classifier, whose steps update only the rows of the tokens in their batch.</summary>
[Model]
[TokenInput(100, 20_000)]
[Embedding(32, SparseUpdates = true)]
[Conv1D(32, 7), Relu]
[MaxPool1D(5)]
[Lstm(50)]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class SparseTextModel;
