using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Small graphs in which operators meet that would be wrong together: the same numbers as in ONNX Runtime. All are compiled at once.</summary>
public sealed class ResultTests
{
    private const int Samples = 2;

    private static readonly Dictionary<string, OnnxGraph> Graphs = new()
    {
        ["MaximumWithTheSmallestNumber"] = Row().Floats("c", [], float.MinValue).Node("Max", "y", ["x", "c"]),
        ["MinimumWithTheLargestNumber"] = Row().Floats("c", [], float.MaxValue).Node("Min", "y", ["x", "c"]),
        ["MaximumWithALargeNumber"] = Row().Floats("c", [], -1e9f).Node("Max", "y", ["c", "x"]),
        ["MaximumWithLargeNumbers"] = Row().Floats("c", [4], -1e9f, 0.1f, 1e9f, -0.2f).Node("Max", "y", ["x", "c"]),
        ["MaximumOfThree"] = Row().Floats("c", [], -1e9f).Floats("low", [], -0.5f).Node("Mul", "large", ["x", "c"]).Node("Max", "y", ["low", "large", "x"]),
        ["MinimumOfTwo"] = Row().Floats("c", [], -1e9f).Node("Mul", "large", ["x", "c"]).Node("Min", "y", ["large", "x"]),
        ["PartsOfAConstant"] = TwoOutputs(Row().Floats("c", [8], 1, 2, 3, 4, 5, 6, 7, 8), "Split", "a", "b", ["c"]).Node("Add", "u", ["x", "a"]).Node("Mul", "y", ["u", "b"]),
        ["AConstantAndItsTranspose"] = new OnnxGraph().Input("x", DataType.Float, 0, 2, 2).Floats("c", [2, 2], 1, 2, 3, 4).Node("Transpose", "t", ["c"]).Node("Add", "u", ["x", "c"]).Node("Mul", "y", ["u", "t"]),
        ["OneMaskForTwoValues"] = Row().Integers("m", 1, 0, 1, 0).Floats("a", [], 5).Floats("b", [], -5)
            .Node("Cast", "mask", ["m"], ("to", 9)).Node("Where", "u", ["mask", "x", "a"]).Node("Tanh", "v", ["u"]).Node("Where", "y", ["mask", "v", "b"]),
        ["SoftmaxOfAFlattenedPicture"] = Picture(17).Node("Conv", "c", ["x", "w"]).Node("Flatten", "f", ["c"]).Node("Softmax", "y", ["f"]),
        ["LogarithmOfTheSoftmaxOfAFlattenedPicture"] = Picture(17).Node("Conv", "c", ["x", "w"]).Node("Flatten", "f", ["c"]).Node("LogSoftmax", "y", ["f"]),
        ["SoftmaxOfAPictureInAnOldFile"] = Picture(11).Node("Conv", "c", ["x", "w"]).Node("Softmax", "s", ["c"]).Node("Flatten", "y", ["s"]),
        ["MinimumOfMinima"] = new OnnxGraph().Input("x", DataType.Float, 0, 3, 4).Node("ReduceMin", "a", ["x"], ("axes", new long[] { 2 }), ("keepdims", 0)).Node("ReduceMin", "y", ["a"], ("axes", new long[] { 1 })),
        ["NegatedTwice"] = Row().Node("Neg", "a", ["x"]).Node("Neg", "b", ["a"]).Node("Sub", "c", ["x", "b"]).Node("Neg", "d", ["c"]).Node("Sub", "y", ["d", "a"]),
        ["MaximaOfAConvolutionNamedPool"] = Picture(17).Node("Relu", "r", ["x"]).Node("Conv", "stemPool", ["r", "w"]).Node("MaxPool", "p", ["stemPool"], ("kernel_shape", Two), ("strides", Two), ("pads", Corner)).Node("Flatten", "y", ["p"]),
        ["MaximaOfATransposedConvolution"] = Picture(17).Weight("t", 1, 2, 1, 1).Node("Relu", "r", ["x"]).Node("ConvTranspose", "c", ["r", "t"])
            .Node("MaxPool", "p", ["c"], ("kernel_shape", Two), ("strides", Two), ("pads", Corner)).Node("Flatten", "y", ["p"]),
        ["ATokenForEachSample"] = Sized().Floats("token", [1, 1, 3], 1, 2, 3).Node("Expand", "e", ["token", "shape"]).Node("Concat", "y", ["e", "x"], ("axis", 1)),
        ["ZerosForEachSample"] = Sized().Node("ConstantOfShape", "zeros", ["shape"]).Node("Concat", "c", ["zeros", "x"], ("axis", 1)).Node("Shape", "all", ["c"]).Node("ConstantOfShape", "more", ["all"]).Node("Add", "y", ["c", "more"]),
        ["AnInputNamedAsTheBlock"] = new OnnxGraph().Input("net", DataType.Float, 0, 4).Node("Exp", "y", ["net"]),
    };

    private static readonly Lazy<(Dictionary<string, OnnxImport> Imports, ImportedProgram Program)> Compiled = new(() =>
    {
        var imports = Graphs.ToDictionary(graph => graph.Key, graph => graph.Value.Output("y").Import(options => options with { Model = graph.Key }));
        return (imports, new ImportedProgram([.. imports.Values.Select(import => import.Source)]));
    });

    public static TheoryData<string> Names => [.. Graphs.Keys];

    private static long[] Two => [2, 2];

    private static long[] Corner => [1, 1, 0, 0];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_results_are_those_of_ONNX_Runtime(string name)
    {
        var (imports, program) = Compiled.Value;
        var input = Graphs[name].File.Graph.Input[0];
        long[] shape = [Samples, .. input.Type.TensorType.Shape.Dim.Skip(1).Select(size => size.DimValue)];
        var values = Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(i => MathF.Sin(i + 1)).ToArray();
        using var runtime = new OnnxRuntime(Graphs[name].Bytes());
        using var model = program.Create(name, imports[name].Weights);
        var expected = runtime.Run(new Dictionary<string, float[]> { [input.Name] = values }, new Dictionary<string, long[]> { [input.Name] = shape })[0];
        var actual = ImportedProgram.Predict(model, [Layout.ToModel(values, shape, imports[name].Model.Inputs[0].Value)], Samples)[0];
        Assert.Equal(expected.Length, actual.Length);
        var output = imports[name].Model.Outputs[0].Value;
        expected = Layout.ToModel(expected, [.. output.Shape.Select((size, axis) => axis == output.BatchAxis ? Samples : size)], output);

        // Each number for itself: beside a large one, a small one may be wrong.
        for (var i = 0; i < expected.Length; i++) Close.Assert([expected[i]], [actual[i]]);
    }

    private static OnnxGraph Row() => new OnnxGraph().Input("x", DataType.Float, 0, 4);

    private static OnnxGraph Picture(long opset) => new OnnxGraph(opset).Input("x", DataType.Float, 0, 1, 3, 3).Floats("w", [2, 1, 1, 1], -1, 2);

    /// <summary>A graph that computes the shape [N, 1, 3].</summary>
    private static OnnxGraph Sized() => new OnnxGraph().Input("x", DataType.Float, 0, 2, 3).Integers("first", 0).Integers("rest", 1, 3)
        .Node("Shape", "s", ["x"]).Node("Gather", "n", ["s", "first"]).Node("Concat", "shape", ["n", "rest"], ("axis", 0));

    private static OnnxGraph TwoOutputs(OnnxGraph graph, string type, string first, string second, string[] inputs)
    {
        graph.Node(type, first, inputs).File.Graph.Node[^1].Output.Add(second);
        return graph;
    }
}
