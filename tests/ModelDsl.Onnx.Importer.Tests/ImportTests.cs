using ModelDsl.Onnx.Importer.Weights;
using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>What a file becomes: readable C#, with the names of the file, and weights that are trained further.</summary>
public sealed class ImportTests
{
    private static OnnxGraph Picture => new OnnxGraph()
        .Input("pixels", DataType.Float, 1, 3, 8, 8)
        .Weight("stem.weight", 4, 3, 3, 3).Weight("stem.bias", 4).Weight("head.weight", 5, 64).Weight("head.bias", 5)
        .Node("Conv", "c", ["pixels", "stem.weight", "stem.bias"], ("pads", new long[] { 1, 1, 1, 1 }))
        .Node("Relu", "r", ["c"])
        .Node("MaxPool", "p", ["r"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
        .Node("Flatten", "f", ["p"])
        .Node("Gemm", "scores", ["f", "head.weight", "head.bias"], ("transB", 1))
        .Output("scores");

    [Fact]
    public void Pictures_have_their_channels_last_and_no_value_is_transposed()
    {
        var source = Picture.Import().Source;
        Assert.Contains("pixels.Conv2D(4, 3, paddingSize: 1, name: \"stem\").Relu().MaxPool2D(2).Flatten().Dense(5, name: \"head\")", source, StringComparison.Ordinal);
        Assert.Contains("[Input(8, 8, 3)] Tensor pixels", source, StringComparison.Ordinal);
        Assert.Contains("channels last (in the file [N, 3, 8, 8])", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_gives_the_same_scores_for_several_samples_of_a_file_for_one()
    {
        var (graph, import) = (Picture, Picture.Import());
        using var model = new ImportedProgram(import.Source).Create("Net", import.Weights);
        using var runtime = new OnnxRuntime(graph.Bytes());
        var pixels = Enumerable.Range(0, 2 * 192).Select(i => MathF.Sin(i)).ToArray();
        var actual = ImportedProgram.Predict(model, [Layout.ToModel(pixels, [2, 3, 8, 8], import.Model.Inputs[0].Value)], 2)[0];
        for (var sample = 0; sample < 2; sample++)
        {
            var expected = runtime.Run(new Dictionary<string, float[]> { ["pixels"] = pixels[(sample * 192)..((sample + 1) * 192)] }, new Dictionary<string, long[]> { ["pixels"] = [1, 3, 8, 8] });
            Close.Assert(expected[0], actual[(5 * sample)..(5 * (sample + 1))]);
        }
    }

    [Fact]
    public void Weights_keep_the_names_of_the_file_and_are_those_of_the_block() =>
        Assert.Equal(["net.stem.weight", "net.stem.bias", "net.head.weight", "net.head.bias"], Picture.Import().Weights.Select(weight => weight.Name));

    [Fact]
    public void A_graph_is_cut_at_a_named_node()
    {
        var import = Picture.Node("Unknown", "after", ["scores"]).Import(options => options with { Outputs = ["r_node"] });
        Assert.Contains("return pixels.Conv2D(4, 3, paddingSize: 1, name: \"stem\").Relu();", import.Source, StringComparison.Ordinal);
        Assert.Equal(2, import.Weights.Count);
    }

    [Fact]
    public void A_block_is_part_of_a_model_that_is_trained()
    {
        var import = Picture.Import(options => options with { Outputs = ["f"] });
        var program = new ImportedProgram(import.Source, """
            [Model, SoftmaxCrossEntropy]
            public sealed partial class Own
            {
                private readonly NetBlock trunk = new();

                private Tensor Forward([Input(8, 8, 3)] Tensor x) => x.Apply(trunk).Dense(2);
            }
            """);
        using var model = program.Create("Own");
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            WeightFile.Write(path, "Net", import.Weights);
            var report = model.Load(path, new LoadOptions { FilePrefix = "net.", Prefix = "trunk.", AllowMissing = true });
            Assert.Equal(2, report.Loaded.Count);
        }
        finally
        {
            File.Delete(path);
        }

        var before = model.Parameters["trunk.stem.weight"].ToArray();
        var data = Dataset.FromArrays(Enumerable.Range(0, 4 * 192).Select(i => MathF.Sin(i)).ToArray(), new[] { 0, 1, 0, 1 });
        new Trainer(new Adam(0.01)) { Epochs = 2, BatchSize = 4 }.Fit(model, data);
        Assert.NotEqual(before, model.Parameters["trunk.stem.weight"].ToArray());
    }

    [Fact]
    public void Values_outside_of_layers_are_weights()
    {
        var import = new OnnxGraph().Input("x", DataType.Float, 0, 4).Weight("scale", 4)
            .Node("Mul", "y", ["x", "scale"]).Output("y").Import();
        Assert.Contains("[Weight(4, Name = \"scale\")]\n    private static partial Tensor Scale { get; }", import.Source, StringComparison.Ordinal);
        Assert.Contains("return x * Scale;", import.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_nothing_reads_is_left_out_although_it_and_another_leave_out_a_name()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 4).Floats("most", [], 1).Node("Foo", "unused", ["x"]).Node("Clip", "y", ["x", "", "most"]).Output("y");
        graph.File.Graph.Node[0].Output.Add("");
        Assert.Contains("MathF.Min(x, 1f)", graph.Import().Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_and_namespaces_of_the_project_may_have_names_of_NET()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 4).Weight("w", 4, 4).Node("MatMul", "z", ["x", "w"]).Node("Softsign", "a", ["z"]).Node("Floor", "b", ["a"]).Node("Celu", "y", ["b"]).Output("y");
        var import = graph.Import(options => options with { Namespace = "Own" });
        const string Others = "namespace Own { class MathF; class Path; class AppContext; class Math; } namespace Own.System { class Path; } namespace Own.ModelDsl { class Tensor; }";
        using var model = new ImportedProgram(checkOverflow: true, import.Source, Others).Create("Own.Net", import.Weights);
        using var same = new ImportedProgram(graph.Import().Source).Create("Net", import.Weights);
        float[] x = [1, -2, 3, -4];
        Assert.Equal(ImportedProgram.Predict(same, [x], 1)[0], ImportedProgram.Predict(model, [x], 1)[0]);
    }

    [Fact]
    public void Names_that_the_source_needs_are_not_those_of_the_file()
    {
        var graph = new OnnxGraph().Input("net", DataType.Float, 0, 4);
        string[] names = ["path", "app_context", "math_f", "Device", "predict", "ToString", "Net", "net_block"];
        var last = "net";
        foreach (var name in names)
        {
            graph.Weight(name, 4).Node("Add", name + "_sum", [last, name]);
            last = name + "_sum";
        }

        var block = graph.Output(last).Import();
        using (new ImportedProgram(block.Source).Create("Net", block.Weights))
        {
        }

        var model = graph.Output(names[0] + "_sum").Import();
        using (new ImportedProgram(model.Source).Create("Net", model.Weights))
        {
        }
    }

    [Fact]
    public void Two_outputs_are_a_tuple()
    {
        var import = new OnnxGraph().Input("x", DataType.Float, 0, 4)
            .Node("Relu", "a", ["x"]).Node("Tanh", "b", ["x"]).Output("a").Output("b").Import();
        Assert.Contains("private static (Tensor a, Tensor b) Forward([Input(4)] Tensor x)", import.Source, StringComparison.Ordinal);
        using var model = new ImportedProgram(import.Source).Create("Net");
        var outputs = ImportedProgram.Predict(model, [[-1, 0, 1, 2]], 1);
        Close.Assert([0, 0, 1, 2], outputs[0]);
        Close.Assert([MathF.Tanh(-1), 0, MathF.Tanh(1), MathF.Tanh(2)], outputs[1]);
    }

    [Fact]
    public void Arithmetic_on_shapes_is_computed_during_the_import()
    {
        var import = new OnnxGraph().Input("x", DataType.Float, 0, 2, 3, 4).Integers("first", 0).Integers("rest", -1)
            .Node("Shape", "shape", ["x"])
            .Node("Gather", "samples", ["shape", "first"])
            .Node("Concat", "target", ["samples", "rest"], ("axis", 0))
            .Node("Reshape", "flat", ["x", "target"]).Output("flat").Import();
        Assert.Contains("return x.Flatten()", import.Source.Replace("Reshape(24)", "Flatten()", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_and_positions_in_one_axis_are_rows_of_a_dense_layer()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 3, 4).Integers("rows", -1, 4).Integers("back", -1, 3, 2).Weight("w", 4, 2).Weight("b", 2)
            .Node("Reshape", "r", ["x", "rows"]).Node("Gemm", "g", ["r", "w", "b"]).Node("Relu", "a", ["g"]).Node("Reshape", "y", ["a", "back"]).Output("y");
        var import = graph.Import();
        Assert.Contains("return x.Dense(2, name: \"g_node\").Relu();", import.Source, StringComparison.Ordinal);
        using var model = new ImportedProgram(import.Source).Create("Net", import.Weights);
        using var runtime = new OnnxRuntime(graph.Bytes());
        var values = Enumerable.Range(0, 24).Select(i => MathF.Sin(i)).ToArray();
        Close.Assert(runtime.Run(new Dictionary<string, float[]> { ["x"] = values }, new Dictionary<string, long[]> { ["x"] = [2, 3, 4] })[0], ImportedProgram.Predict(model, [values], 2)[0]);
    }
}
