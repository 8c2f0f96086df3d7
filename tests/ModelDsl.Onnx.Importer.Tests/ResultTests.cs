using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Small graphs whose results are those of ONNX Runtime. They are compiled together.</summary>
public sealed class ResultTests
{
    private static readonly SortedDictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["Max with the smallest number"] = new(X(4).Floats("c", [], float.MinValue).Node("Max", "y", ["x", "c"])),
        ["Max with a large negative number"] = new(X(4).Floats("c", [], -1e9f).Node("Max", "y", ["x", "c"])),
        ["Max with a number before it"] = new(X(4).Floats("c", [], 0.25f).Node("Max", "y", ["c", "x"])),
        ["Min with a large number"] = new(X(4).Floats("c", [1], 1e9f).Node("Min", "y", ["x", "c"])),
        ["Max with numbers for each element"] = new(X(4).Floats("c", [4], -1e9f, 0.5f, 1, -1).Node("Max", "y", ["x", "c"])),
        ["Min of two values of different size"] = new(X(4).Floats("c", [], -1e9f).Node("Abs", "a", ["x"]).Node("Mul", "b", ["a", "c"]).Node("Neg", "d", ["b"]).Node("Min", "y", ["a", "d"])),
        ["Max of two values of different size"] = new(X(4).Floats("c", [], -1e9f).Node("Abs", "a", ["x"]).Node("Mul", "b", ["a", "c"]).Node("Max", "y", ["a", "b"])),
        ["Max of two values that repeat each other"] = new(X(3, 4).Integers("axis", 1).Node("ReduceMean", "m", ["x", "axis"]).Node("Max", "y", ["m", "x"])),
        ["Where with a number that is repeated"] = new(X(3, 1).Floats("zero", [], 0).Equal("one", 1, 1, 1, 5).Equal("none", 0, 1, 1, 5).Node("Greater", "c", ["x", "zero"]).Node("Where", "y", ["c", "one", "none"])),
        ["Softmax of a flattened picture"] = new(Picture().Node("Flatten", "f", ["c"]).Node("Softmax", "y", ["f"])),
        ["LogSoftmax of a flattened picture"] = new(Picture().Node("Flatten", "f", ["c"]).Node("LogSoftmax", "y", ["f"])),
        ["Softmax of a picture before opset 13"] = new(Picture(opset: 11).Node("Softmax", "y", ["c"])),
        ["Softmax of rows before opset 13"] = new(Picture(opset: 11).Node("Softmax", "y", ["c"], ("axis", 2))),
        ["LogSoftmax of large numbers"] = new(X(4).Floats("c", [], 300).Node("Mul", "m", ["x", "c"]).Node("LogSoftmax", "y", ["m"])),
        ["LogSoftmax along a middle axis"] = new(X(3, 4).Floats("c", [], 300).Node("Mul", "m", ["x", "c"]).Node("LogSoftmax", "y", ["m"], ("axis", 1))),
        ["Remainders of numbers"] = new(X(2).Floats("a", [2], 5, -7).Floats("b", [2], 3, 4).Node("Mod", "m", ["a", "b"], ("fmod", 1)).Node("Add", "y", ["x", "m"])),
        ["Remainders of whole numbers"] = new(X(2).Integers("a", 5, -7).Integers("b", -3, 4).Node("Mod", "m", ["a", "b"], ("fmod", 1)).Node("Mod", "n", ["a", "b"]).Node("Mul", "o", ["m", "n"]).Node("Cast", "f", ["o"], ("to", 1)).Node("Add", "y", ["x", "f"])),
        ["Max of three constants"] = new(X(2).Floats("a", [2], 5, 7).Floats("b", [2], 3, 4).Floats("d", [2], 9, 8).Node("Max", "m", ["a", "b", "d"]).Node("Add", "y", ["x", "m"])),
        ["Parts of a constant that differ"] = new(Parts()),
        ["A constant flattened from its last axis on"] = new(X(6, 2).Floats("a", [3, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).Node("Flatten", "f", ["a"], ("axis", -1)).Node("Add", "y", ["x", "f"])),
        ["A bias after matrices that are computed"] = new(X(2, 3, 4).Weight("w", 2, 5, 4).Weight("b", 5).Node("Transpose", "t", ["w"], ("perm", new long[] { 0, 2, 1 })).Node("MatMul", "m", ["x", "t"]).Node("Add", "y", ["m", "b"])),
        ["A bias after a matrix that is computed"] = new(X(3, 4).Weight("w", 5, 4).Weight("b", 5).Node("Transpose", "t", ["w"]).Node("MatMul", "m", ["x", "t"]).Node("Add", "y", ["m", "b"])),
        ["A bias that is wider than a column that is computed"] = new(X(4).Weight("w", 1, 4).Weight("b", 5).Node("Transpose", "t", ["w"]).Node("MatMul", "m", ["x", "t"]).Node("Add", "y", ["m", "b"])),
        ["A product along an axis after a flattened picture"] = new(Picture().Weight("v", 1, 4).Integers("last", 2).Node("Flatten", "f", ["c"]).Node("Unsqueeze", "u", ["f", "last"]).Node("MatMul", "y", ["u", "v"])),
        ["A transposed convolution with an odd rest"] = new(X(1, 3, 3).Weight("k", 1, 2, 3, 3).Node("ConvTranspose", "y", ["x", "k"], ("strides", new long[] { 2, 2 }), ("output_shape", new long[] { 6, 6 }))),
        ["A transposed convolution of SAME_UPPER"] = new(X(1, 3, 3).Weight("k", 1, 2, 3, 3).Node("ConvTranspose", "y", ["x", "k"], ("strides", new long[] { 2, 2 }), ("auto_pad", "SAME_UPPER"))),
        ["A transposed convolution of SAME_LOWER"] = new(X(1, 3, 3).Weight("k", 1, 2, 3, 3).Node("ConvTranspose", "y", ["x", "k"], ("strides", new long[] { 2, 2 }), ("auto_pad", "SAME_LOWER"))),
        ["Logical values of whole numbers"] = new(Integers(4, DataType.Int64).Node("Cast", "b", ["x"], ("to", 9)).Node("Not", "n", ["b"]).Node("Cast", "y", ["n"], ("to", 1)), 0, 1, 2, 3, -1, 0, 5, 1),
        ["A quotient of whole numbers after a sum with a list"] = new(Integers(2, DataType.Int64).Integers("a", 1, 2).Integers("two", 2).Node("Add", "s", ["x", "a"]).Node("Div", "d", ["s", "two"]).Node("Cast", "y", ["d"], ("to", 1)), 0, 1, 2, 3),
        ["Padding with a large number"] = new(X(4, 3).Integers("pads", 0, 1, 2, 0, 2, 1).Floats("v", [], 1e6f).Integers("from", 1, 2).Integers("to", 5, 5).Integers("axes", 1, 2).Node("Pad", "p", ["x", "pads", "v"]).Node("Slice", "y", ["p", "from", "to", "axes"])),
        ["Padding with the smallest number"] = new(X(4, 3).Integers("pads", 0, 1, 0, 0, 0, 1).Floats("v", [], float.MinValue).Node("Pad", "y", ["x", "pads", "v"])),
        ["A convolution with equal numbers"] = new(X(1, 3, 3).Equal("w", 0.25f, 2, 1, 2, 2).Node("Conv", "y", ["x", "w"])),
        ["A dense layer with equal numbers"] = new(X(4).Equal("w", 0.25f, 4, 3).Equal("b", 0.5f, 3).Node("Gemm", "y", ["x", "w", "b"])),
        ["A table of equal numbers"] = new(Integers(3, DataType.Int64).Weight("v", 5, 4).Equal("w", 0.25f, 5, 4).Node("Gather", "g", ["v", "x"]).Node("Gather", "h", ["w", "x"]).Node("Add", "y", ["g", "h"]), 0, 1, 2, 4, 3, 1),
        ["A recurrence with equal numbers"] = new(
            new OnnxGraph().Input("x", DataType.Float, 5, 0, 3).Equal("w", 0.25f, 1, 8, 3).Equal("r", 0.5f, 1, 8, 2).Equal("b", 0.1f, 1, 16).Node("LSTM", "y", ["x", "w", "r", "b"], ("hidden_size", 2)))
        { Batch = 1 },
        ["Minimum with the largest number"] = new(Row().Floats("c", [], float.MaxValue).Node("Min", "y", ["x", "c"])),
        ["Maximum with large numbers"] = new(Row().Floats("c", [4], -1e9f, 0.1f, 1e9f, -0.2f).Node("Max", "y", ["x", "c"])),
        ["Maximum of three"] = new(Row().Floats("c", [], -1e9f).Floats("low", [], -0.5f).Node("Mul", "large", ["x", "c"]).Node("Max", "y", ["low", "large", "x"])),
        ["Minimum of two"] = new(Row().Floats("c", [], -1e9f).Node("Mul", "large", ["x", "c"]).Node("Min", "y", ["large", "x"])),
        ["Parts of a constant"] = new(TwoOutputs(Row().Floats("c", [8], 1, 2, 3, 4, 5, 6, 7, 8), "Split", "a", "b", ["c"]).Node("Add", "u", ["x", "a"]).Node("Mul", "y", ["u", "b"])),
        ["A constant and its transpose"] = new(new OnnxGraph().Input("x", DataType.Float, 0, 2, 2).Floats("c", [2, 2], 1, 2, 3, 4).Node("Transpose", "t", ["c"]).Node("Add", "u", ["x", "c"]).Node("Mul", "y", ["u", "t"])),
        ["One mask for two values"] = new(Row().Integers("m", 1, 0, 1, 0).Floats("a", [], 5).Floats("b", [], -5)
            .Node("Cast", "mask", ["m"], ("to", 9)).Node("Where", "u", ["mask", "x", "a"]).Node("Tanh", "v", ["u"]).Node("Where", "y", ["mask", "v", "b"])),
        ["Minimum of minima"] = new(new OnnxGraph().Input("x", DataType.Float, 0, 3, 4).Node("ReduceMin", "a", ["x"], ("axes", new long[] { 2 }), ("keepdims", 0)).Node("ReduceMin", "y", ["a"], ("axes", new long[] { 1 }))),
        ["Negated twice"] = new(Row().Node("Neg", "a", ["x"]).Node("Neg", "b", ["a"]).Node("Sub", "c", ["x", "b"]).Node("Neg", "d", ["c"]).Node("Sub", "y", ["d", "a"])),
        ["Maxima of a convolution named pool"] = new(OfOne(17).Node("Relu", "r", ["x"]).Node("Conv", "stemPool", ["r", "w"]).Node("MaxPool", "p", ["stemPool"], ("kernel_shape", Two), ("strides", Two), ("pads", Corner)).Node("Flatten", "y", ["p"])),
        ["Maxima of a transposed convolution"] = new(OfOne(17).Weight("t", 1, 2, 1, 1).Node("Relu", "r", ["x"]).Node("ConvTranspose", "c", ["r", "t"])
            .Node("MaxPool", "p", ["c"], ("kernel_shape", Two), ("strides", Two), ("pads", Corner)).Node("Flatten", "y", ["p"])),
        ["A token for each sample"] = new(Sized().Floats("token", [1, 1, 3], 1, 2, 3).Node("Expand", "e", ["token", "shape"]).Node("Concat", "y", ["e", "x"], ("axis", 1))),
        ["Zeros for each sample"] = new(Sized().Node("ConstantOfShape", "zeros", ["shape"]).Node("Concat", "c", ["zeros", "x"], ("axis", 1)).Node("Shape", "all", ["c"]).Node("ConstantOfShape", "more", ["all"]).Node("Add", "y", ["c", "more"])),
        ["A GRU with the reset gate first"] = new(RecurrentGraphs.Of("GRU")) { Batch = 1 },
        ["A GRU with the reset gate first and no bias"] = new(RecurrentGraphs.Of("GRU", bias: false)) { Batch = 1 },
        ["The last state of a GRU with the reset gate first"] = new(RecurrentGraphs.Of("GRU", output: 1)) { Batch = 1 },
        ["A GRU with the reset gate first and initial states"] = new(RecurrentGraphs.Of("GRU", initial: "of each")) { Batch = 1 },
        ["A GRU with the reset gate first and one initial state"] = new(RecurrentGraphs.Of("GRU", initial: "of all")) { Batch = 1 },
        ["A GRU with the reset gate first and backwards"] = new(RecurrentGraphs.Of("GRU", attributes: ("direction", "reverse"))) { Batch = 1 },
        ["A GRU with initial states"] = new(RecurrentGraphs.Of("GRU", initial: "of each", attributes: ("linear_before_reset", 1))) { Batch = 1 },
        ["The last state of a GRU with one initial state"] = new(RecurrentGraphs.Of("GRU", output: 1, initial: "of all", attributes: ("linear_before_reset", 1))) { Batch = 1 },
        ["An LSTM with initial states"] = new(RecurrentGraphs.Of("LSTM", initial: "of each")) { Batch = 1 },
        ["An LSTM with one initial state of the cells"] = new(RecurrentGraphs.Of("LSTM", initial: "of all", bias: false)) { Batch = 1 },
        ["The last state of an LSTM with initial states"] = new(RecurrentGraphs.Of("LSTM", output: 1, initial: "of each")) { Batch = 1 },
        ["The last state of the cells"] = new(RecurrentGraphs.Of("LSTM", output: 2)) { Batch = 1 },
        ["The last state of the cells with initial states and backwards"] = new(RecurrentGraphs.Of("LSTM", output: 2, initial: "of each", attributes: ("direction", "reverse"))) { Batch = 1 },
        ["An RNN with initial states"] = new(RecurrentGraphs.Of("RNN", initial: "of each")) { Batch = 1 },
        ["A GRU in both directions with the reset gate first"] = new(RecurrentGraphs.Of("GRU", attributes: Both)) { Batch = 1 },
        ["The last states of a GRU in both directions with the reset gate first"] = new(RecurrentGraphs.Of("GRU", output: 1, attributes: Both)) { Batch = 1 },
        ["A GRU in both directions with the reset gate first and initial states"] = new(RecurrentGraphs.Of("GRU", initial: "of each", attributes: Both)) { Batch = 1 },
        ["A GRU in both directions with initial states"] = new(RecurrentGraphs.Of("GRU", initial: "of each", attributes: [.. Both, ("linear_before_reset", 1)])) { Batch = 1 },
        ["An LSTM in both directions with initial states"] = new(RecurrentGraphs.Of("LSTM", initial: "of each", attributes: Both)) { Batch = 1 },
        ["An LSTM in both directions with one initial state of the cells"] = new(RecurrentGraphs.Of("LSTM", initial: "of all", bias: false, attributes: Both)) { Batch = 1 },
        ["The last states of an LSTM in both directions with initial states"] = new(RecurrentGraphs.Of("LSTM", output: 1, initial: "of each", attributes: Both)) { Batch = 1 },
        ["The last states of the cells in both directions"] = new(RecurrentGraphs.Of("LSTM", output: 2, attributes: Both)) { Batch = 1 },
        ["An RNN in both directions with initial states"] = new(RecurrentGraphs.Of("RNN", initial: "of each", attributes: Both)) { Batch = 1 },
        ["An RNN in both directions"] = new(RecurrentGraphs.Of("RNN", attributes: Both)) { Batch = 1 },
        ["An LSTM with peepholes"] = new(RecurrentGraphs.Of("LSTM", hasPeepholes: true)) { Batch = 1 },
        ["An LSTM with peepholes and initial states"] = new(RecurrentGraphs.Of("LSTM", initial: "of each", hasPeepholes: true)) { Batch = 1 },
        ["The last state of the cells with peepholes and backwards"] = new(RecurrentGraphs.Of("LSTM", output: 2, hasPeepholes: true, attributes: ("direction", "reverse"))) { Batch = 1 },
        ["The last states of an LSTM in both directions with peepholes and no bias"] = new(RecurrentGraphs.Of("LSTM", output: 1, bias: false, hasPeepholes: true, attributes: Both)) { Batch = 1 },
        ["A range of each axis that is resized"] = new(X(1, 5, 4).Floats("roi", [8], 0, 0, 0.25f, 0.9f, 1, 1, 0.8f, 0.1f).Integers("sizes", 2, 1, 3, 6).Node("Resize", "y", ["x", "roi", "", "sizes"], ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"))),
        ["A range that is resized beyond the edges"] = new(X(1, 5, 4).Floats("roi", [4], -0.5f, 0.25f, 1, 1.5f).Integers("sizes", 6, 3).Node("Resize", "y", ["x", "roi", "", "sizes"], ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("axes", new long[] { 2, 3 }), ("extrapolation_value", 7f))),
        ["Attention of BERT"] = new(AttentionGraphs.Bert),
        ["Attention without a mask"] = new(AttentionGraphs.Unmasked),
        ["Attention of GPT 2"] = new(AttentionGraphs.Gpt2),
        ["Attention of the first GPT 2"] = new(AttentionGraphs.FirstGpt2),
        ["Attention with both sides scaled"] = new(AttentionGraphs.ScaledSides),
        ["Attention with a mask that is filled"] = new(AttentionGraphs.Filled),
        ["Attention with a bias"] = new(AttentionGraphs.Biased),
        ["Attention with squared scores"] = new(AttentionGraphs.Squared),
        ["Attention with one head"] = new(AttentionGraphs.OneHead),
        ["MultiheadAttention"] = new(MultiheadGraphs.Of()) { Batch = 1 },
        ["MultiheadAttention with a causal mask"] = new(MultiheadGraphs.Of("causal", isFirst: true)),
        ["MultiheadAttention with a mask of keys"] = new(MultiheadGraphs.Of("keys")) { Batch = 1 },
        ["MultiheadAttention of PyTorch 2"] = new(MultiheadGraphs.Of(isApart: true)) { Batch = 1 },
        ["MultiheadAttention of PyTorch 2 with the samples first"] = new(MultiheadGraphs.Of(isFirst: true, isApart: true)),
        ["Samples and positions in one axis times a vector"] = new(X(3, 4).Integers("rows", -1, 4).Integers("apart", -1, 3).Weight("v", 4).Node("Reshape", "r", ["x", "rows"]).Node("MatMul", "m", ["r", "v"]).Node("Reshape", "y", ["m", "apart"])),
        ["The operator Attention"] = new(AttentionGraphs.Operator("")),
        ["The operator Attention with fewer heads of keys"] = new(AttentionGraphs.Operator("numbers", keyHeads: 1)),
        ["The operator Attention with numbers"] = new(AttentionGraphs.Operator("numbers")),
        ["The operator Attention with numbers that is causal"] = new(AttentionGraphs.Operator("numbers", attributes: ("is_causal", 1))),
        ["The operator Attention with a condition"] = new(AttentionGraphs.Operator("causal", attributes: ("scale", 0.25f))),
        ["The operator Attention with a condition that is computed"] = new(AttentionGraphs.Operator("computed")),
        ["The operator RotaryEmbedding"] = new(RotaryGraphs.Of()),
        ["The operator RotaryEmbedding with another base"] = new(RotaryGraphs.Of(@base: 12_345.6)),
        ["The operator RotaryEmbedding with later positions"] = new(RotaryGraphs.Of(start: 3)),
        ["The operator RotaryEmbedding of some values"] = new(RotaryGraphs.Of(rotated: 4)),
        ["The operator RotaryEmbedding of pairs of some values"] = new(RotaryGraphs.Of(rotated: 4, attributes: ("interleaved", 1))),
        ["The operator RotaryEmbedding of pairs"] = new(RotaryGraphs.Of(attributes: ("interleaved", 1))),
        ["The operator RotaryEmbedding of joined heads"] = new(RotaryGraphs.Joined()),
        ["The operator RotaryEmbedding of pairs of joined heads"] = new(RotaryGraphs.Joined(("interleaved", 1))),
        ["The operator RotaryEmbedding without positions"] = new(RotaryGraphs.WithoutPositions),
        ["The operator RotaryEmbedding with positions that are an input"] = new(RotaryGraphs.OfPositions, 0, 1, 2, 3, 4, 11, 3, 7, 0, 5),
        ["Batch normalization as operators"] = new(RecognizeTests.Normalized(hasVariance: true)),
        ["Batch normalization as operators with the deviation"] = new(RecognizeTests.Normalized(hasVariance: false)),
        ["Batch normalization of joined rows as operators"] = new(RecognizeTests.Arithmetic(
            X(5, 3).Floats("mean", [3], 1, 2, 3).Floats("deviation", [3], 1, 2, 4).Weight("scale", 3).Weight("shift", 3).Integers("rows", -1, 3).Integers("apart", -1, 5, 3).Node("Reshape", "r", ["x", "rows"]), "r", "a")
            .Node("Reshape", "y", ["a", "apart"])),
        ["A convolution with a scale and a summand"] = new(RecognizeTests.Scaled(4, 1, 1)),
        ["A convolution with a scale along another axis"] = new(RecognizeTests.Scaled(1, 1, 4)),
        ["A convolution with one factor"] = new(RecognizeTests.Scaled(1)),
        ["An LSTM backwards"] = new(RecurrentGraphs.Of("LSTM", attributes: ("direction", "reverse"))) { Batch = 1 },
        ["The last state of an RNN backwards"] = new(RecurrentGraphs.Of("RNN", output: 1, attributes: ("direction", "reverse"))) { Batch = 1 },
        ["Einsum that changes the order of axes"] = new(X(3, 4).Node("Einsum", "y", ["x"], ("equation", "nij->nji"))),
        ["Einsum that sums over an axis"] = new(X(3, 4).Node("Einsum", "y", ["x"], ("equation", "n i j -> n j"))),
        ["Einsum that sums and changes the order"] = new(X(3, 4, 2).Node("Einsum", "y", ["x"], ("equation", "nijk->nki"))),
        ["A transposed convolution of a sequence"] = new(Sequence().Node("ConvTranspose", "y", ["x", "t", "b"], ("strides", One(2)), ("pads", Ones), ("output_padding", One(1)))),
        ["A transposed convolution of a sequence with dilation"] = new(Sequence().Node("ConvTranspose", "y", ["x", "t"], ("strides", One(3)), ("dilations", One(2)))),
        ["A transposed convolution of a sequence with different pads"] = new(Sequence().Node("ConvTranspose", "y", ["x", "t", "b"], ("pads", new long[] { 2, 0 }))),
        ["A transposed convolution of a sequence of the same size"] = new(Sequence().Node("ConvTranspose", "y", ["x", "t", "b"], ("strides", One(2)), ("auto_pad", "SAME_UPPER"))),
        ["A transposed convolution of a sequence of a given size"] = new(Sequence().Node("ConvTranspose", "y", ["x", "t"], ("strides", One(2)), ("output_shape", One(10)))),
        ["Maxima with dilations"] = new(X(2, 7, 6).Node("MaxPool", "y", ["x"], ("kernel_shape", new long[] { 2, 3 }), ("dilations", new long[] { 3, 2 }), ("strides", new long[] { 2, 1 }), ("pads", new long[] { 1, 1, 0, 2 }))),
        ["Maxima with a dilation of one axis"] = new(X(2, 6, 6).Node("MaxPool", "y", ["x"], ("kernel_shape", Two), ("dilations", new long[] { 1, 2 }))),
        ["Maxima of a sequence with dilation and a last window beyond the end"] = new(X(2, 8).Node("MaxPool", "y", ["x"], ("kernel_shape", One(3)), ("dilations", One(2)), ("strides", One(3)), ("ceil_mode", 1))),
        ["Maxima of a volume with dilations"] = new(X(1, 4, 4, 5).Node("MaxPool", "y", ["x"], ("kernel_shape", new long[] { 2, 2, 2 }), ("dilations", new long[] { 2, 1, 2 }), ("strides", new long[] { 1, 1, 1 }))),
        ["Means with dilations"] = new(Wide(19).Node("AveragePool", "y", ["x"], ("kernel_shape", Two), ("dilations", new long[] { 2, 3 }), ("pads", new long[] { 1, 1, 1, 1 }))),
        ["Means with dilations that count the pads"] = new(Wide(19).Node("AveragePool", "y", ["x"], ("kernel_shape", Two), ("dilations", new long[] { 2, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("count_include_pad", 1))),
        ["An input named as the block"] = new(new OnnxGraph().Input("net", DataType.Float, 0, 4).Node("Exp", "y", ["net"])),
    };

    private static readonly Lazy<(ImportedProgram Program, Dictionary<string, OnnxImport> Imports, Dictionary<string, ImportException> Problems)> Compiled = new(Compile);

    public static TheoryData<string> Names => [.. Cases.Keys];

    /// <summary>The files, with all operators.</summary>
    internal static IEnumerable<Schema.ModelProto> Graphs => Cases.Values.Select(one => one.Graph.File);

    private static long[] Two => [2, 2];

    private static (string Name, object Value)[] Both => [("direction", "bidirectional")];

    private static long[] Corner => [1, 1, 0, 0];

    [Theory]
    [MemberData(nameof(Names))]
    public void Results_are_those_of_ONNX_Runtime(string name)
    {
        if (Compiled.Value.Problems.TryGetValue(name, out var problem)) Assert.Fail(problem.Message);
        var (one, import) = (Cases[name], Compiled.Value.Imports[name]);
        var input = one.Graph.File.Graph.Input[0];
        long[] shape = [.. input.Type.TensorType.Shape.Dim.Select(size => size.DimValue == 0 ? 2 : size.DimValue)];
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var values = one.Values.Length > 0 ? one.Values : [.. Enumerable.Range(0, (int)count).Select(i => MathF.Sin(i + 1))];
        using var runtime = new OnnxRuntime(one.Graph.Bytes());
        var expected = runtime.Run(new Dictionary<string, float[]> { [input.Name] = values }, new Dictionary<string, long[]> { [input.Name] = shape })[0];
        using var model = Compiled.Value.Program.Create(Class(name), import.Weights);
        var actual = ImportedProgram.Predict(model, [Layout.ToModel(values, shape, import.Model.Inputs[0].Value)], 2)[0];
        var output = import.Model.Outputs[0].Value;
        expected = Layout.ToModel(expected, [.. output.Shape.Select((size, axis) => axis == output.BatchAxis ? 2 : size)], output);
        Assert.Equal(expected.Length, actual.Length);

        // Each number for itself: beside a large one, a small one may be wrong.
        for (var i = 0; i < expected.Length; i++) Close.Assert([expected[i]], [actual[i]]);
    }

    private static long[] One(long number) => [number];

    private static long[] Ones => [1, 1];

    private static OnnxGraph Wide(long opset) => new OnnxGraph(opset).Input("x", DataType.Float, 0, 2, 6, 7);

    /// <summary>A sequence, with the weights of a transposed convolution.</summary>
    private static OnnxGraph Sequence() => X(2, 5).Weight("t", 2, 3, 3).Weight("b", 3);

    private static OnnxGraph X(params long[] shape) => new OnnxGraph(18).Input("x", DataType.Float, [0, .. shape]);

    private static OnnxGraph Integers(long length, DataType type) => new OnnxGraph(18).Input("x", type, 0, length);

    /// <summary>A picture whose channels are last in the model, and not in the file.</summary>
    private static OnnxGraph Picture(long opset = 17) => new OnnxGraph(opset).Input("x", DataType.Float, 0, 1, 3, 3).Weight("w", 2, 1, 1, 1).Node("Conv", "c", ["x", "w"]);

    private static OnnxGraph Row() => new OnnxGraph().Input("x", DataType.Float, 0, 4);

    private static OnnxGraph OfOne(long opset) => new OnnxGraph(opset).Input("x", DataType.Float, 0, 1, 3, 3).Floats("w", [2, 1, 1, 1], -1, 2);

    /// <summary>A graph that computes the shape [N, 1, 3].</summary>
    private static OnnxGraph Sized() => new OnnxGraph().Input("x", DataType.Float, 0, 2, 3).Integers("first", 0).Integers("rest", 1, 3)
        .Node("Shape", "s", ["x"]).Node("Gather", "n", ["s", "first"]).Node("Concat", "shape", ["n", "rest"], ("axis", 0));

    private static OnnxGraph TwoOutputs(OnnxGraph graph, string type, string first, string second, string[] inputs)
    {
        graph.Node(type, first, inputs).File.Graph.Node[^1].Output.Add(second);
        return graph;
    }

    private static OnnxGraph Parts()
    {
        var graph = X(2).Floats("a", [5], 1, 2, 3, 4, 5).Node("Split", "p", ["a"], ("num_outputs", 3));
        graph.File.Graph.Node[0].Output.Add(["q", "r"]);
        return graph.Node("Add", "s", ["x", "p"]).Node("Mul", "y", ["s", "r"]);
    }

    private static (ImportedProgram Program, Dictionary<string, OnnxImport> Imports, Dictionary<string, ImportException> Problems) Compile()
    {
        var (imports, problems) = (new Dictionary<string, OnnxImport>(), new Dictionary<string, ImportException>());
        foreach (var (name, one) in Cases)
        {
            try
            {
                imports.Add(name, one.Graph.Import(options => options with { Model = Class(name), Batch = one.Batch }));
            }
            catch (ImportException exception)
            {
                problems.Add(name, exception);
            }
        }

        // Arithmetic on whole numbers of the compiled programs must not depend on what the project says about overflows.
        return (new ImportedProgram(checkOverflow: true, [.. imports.Values.Select(import => import.Source)]), imports, problems);
    }

    private static string Class(string name) => name.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>A graph with one input and the output y.</summary>
    private sealed record Case(OnnxGraph Graph, params float[] Values)
    {
        public OnnxGraph Graph { get; } = Graph.Output("y");

        public int Batch { get; init; }
    }
}
