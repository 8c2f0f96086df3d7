using ModelDsl.Compiled;
using ModelDsl.Ilgpu.Tests;
using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Tests;

/// <summary>Files with the forward part of a training step: what they contain, and that ONNX Runtime computes what a step computes.</summary>
public sealed class TrainingTests
{
    [Fact]
    public void Batch_normalization_is_in_training_mode_and_gives_the_statistics_of_the_batch()
    {
        using var model = new Pictures();
        var graph = Export(model).Graph;
        NodeProto[] normalizations = [.. graph.Node.Where(node => node.OpType == "BatchNormalization")];
        Assert.Equal(3, normalizations.Length);
        Assert.All(normalizations, node =>
        {
            Assert.Equal(1, node.Attribute.Single(attribute => attribute.Name == "training_mode").I);
            Assert.Equal(0f, node.Attribute.Single(attribute => attribute.Name == "momentum").F);
            Assert.Equal(3, node.Output.Count);
        });
        Assert.DoesNotContain("ReduceSum", graph.Node.TakeWhile(node => node.OpType != "Gemm").Select(node => node.OpType));
        Assert.Equal(["output", "loss", .. model.States.Select(state => state.Name + ".next")], graph.Output.Select(output => output.Name));
        Assert.Equal(["input", "label"], graph.Input.Select(input => input.Name));
    }

    [Fact]
    public void Without_the_loss_a_file_has_no_targets()
    {
        using var model = new Pictures();
        var graph = Export(model, OnnxExportGraph.Training).Graph;
        Assert.Equal(["input"], graph.Input.Select(input => input.Name));
        Assert.DoesNotContain("loss", graph.Output.Select(output => output.Name));
        Assert.Contains(graph.Output, output => output.Name.EndsWith("running_var.next", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(17)]
    [InlineData(21)]
    [InlineData(23)]
    public void The_loss_and_the_running_values_are_those_of_a_training_step(int opset)
    {
        using var model = new Pictures(seed: 5);
        var batch = Samples.Of(model.Description, 4, seed: 2);
        using var session = new OnnxSession(ExportedModel.Bytes(Export(model, opset: opset)));
        var (first, results) = (session.Run(Columns(model, batch)), session.Run(Columns(model, batch)));
        Assert.All(model.States, state => Assert.Equal(first[state.Name + ".next"], results[state.Name + ".next"]));
        model.Forward(batch);
        model.Backward(batch);
        Assert.Equal(model.LastLoss, results["loss"][0], 1e-4f);
        Assert.All(model.States, state => Assert.All(state.ToArray().Zip(results[state.Name + ".next"]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f)));
    }

    [Fact]
    public void Dropout_draws_other_numbers_in_each_run_and_keeps_the_mean()
    {
        using var model = new Dropping();
        var file = Export(model, OnnxExportGraph.Training);
        Assert.Equal(2, file.Graph.Node.Count(node => node.OpType == "Dropout"));
        Assert.DoesNotContain("RandomUniformLike", file.Graph.Node.Select(node => node.OpType));
        using var session = new OnnxSession(ExportedModel.Bytes(file), optimize: false);
        var input = new Dictionary<string, float[]> { ["x"] = [.. Enumerable.Repeat(1f, 2 * 100 * 20)] };
        var (first, second) = (session.Run(input), session.Run(input));
        Assert.NotEqual(first["values"], second["values"]);
        Assert.All(first["values"], value => Assert.True(value == 0 || Math.Abs(value - (1 / 0.75f)) < 1e-5f));
        Assert.InRange(first["values"].Average(), 0.9, 1.1);

        // Of a channel, either all positions are dropped or none.
        var channels = first["channels"];
        for (var channel = 0; channel < 20; channel++)
            Assert.Single(Enumerable.Range(0, 100).Select(position => channels[(position * 20) + channel]).Distinct());
        Assert.Equal([0f, 2f], channels.Distinct().Order());
    }

    [Fact]
    public void Layers_that_draw_the_same_numbers_of_values_do_not_share_them()
    {
        using var model = new DroppedTwice();
        using var session = new OnnxSession(ExportedModel.Bytes(Export(model, OnnxExportGraph.Training)), optimize: false);
        var results = session.Run(new Dictionary<string, float[]> { ["x"] = [.. Enumerable.Repeat(1f, 200)] });
        Assert.NotEqual(results["a"], results["b"]);
    }

    [Fact]
    public void Statistics_of_a_batch_normalization_that_only_the_loss_reads_are_those_of_a_training_step()
    {
        using var model = new Judged(seed: 5);
        var batch = Samples.Of(model.Description, 4, seed: 2);
        using var session = new OnnxSession(ExportedModel.Bytes(Export(model, OnnxExportGraph.Training)));
        var results = session.Run(Columns(model, batch));
        model.Forward(batch);
        model.Backward(batch);
        Assert.NotEmpty(model.States);
        Assert.All(model.States, state => Assert.All(state.ToArray().Zip(results[state.Name + ".next"]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f)));
    }

    [Fact]
    public void Preprocessing_is_that_of_the_input_and_not_of_targets()
    {
        using var model = new Framed();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            model.ExportOnnx(path, new OnnxExportOptions { Graph = OnnxExportGraph.TrainingWithLoss, Preprocessing = new() { Scale = 0.5f } });
            Assert.Contains(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Node, node => node.OpType == "Mul" && node.Input[0] == "input");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_a_model_cannot_give_is_an_error()
    {
        using var single = new Pictures();
        Fails<ArgumentException>(single, "has a single loss, but Loss is 'other'", new() { Graph = OnnxExportGraph.TrainingWithLoss, Loss = "other" });
        Fails<ArgumentException>(single, "a file for predictions has no loss", new() { Loss = "loss" });
        Fails<ArgumentException>(single, "training graphs do not have named values", new() { Graph = OnnxExportGraph.Training, NamedOutputs = true });
        Fails<ArgumentException>(single, "not one of Prediction, Training, TrainingWithLoss", new() { Graph = (OnnxExportGraph)7 });
        using var several = new Rivals();
        Fails<ArgumentException>(several, "set Graph to OnnxExportGraph.TrainingWithLoss, and Loss to one of", new() { Graph = OnnxExportGraph.Training });
        Fails<ArgumentException>(several, "Loss is not set, but Rivals has several losses: set it to one of 'CriticLoss'", new() { Graph = OnnxExportGraph.TrainingWithLoss });
        Fails<ArgumentException>(several, "the losses of Rivals are", new() { Graph = OnnxExportGraph.TrainingWithLoss, Loss = "other" });
        using var predicting = new Predicting();
        Fails<InvalidOperationException>(predicting, "a model for prediction only", new() { Graph = OnnxExportGraph.Training });

        static void Fails<T>(Model model, string message, OnnxExportOptions options)
            where T : Exception =>
            Assert.Contains(message, Assert.Throws<T>(() => model.ExportOnnx(Path.Combine(Path.GetTempPath(), "never.onnx"), options)).Message, StringComparison.Ordinal);
    }

    private static ModelProto Export(Model model, OnnxExportGraph graph = OnnxExportGraph.TrainingWithLoss, int opset = 21)
    {
        var options = new OnnxExportOptions { Graph = graph, Opset = opset };
        return OnnxModelWriter.Write(model.Description.Name, GraphChoice.Of(model.Description, options), new ModelValues(model), options);
    }

    private static Dictionary<string, float[]> Columns(Model model, Batch batch) => model.Description.Inputs.Concat(model.Description.Targets).Select((column, number) => (column, number)).ToDictionary(
        pair => pair.column.Name, pair => pair.column.Type == ColumnType.Int ? Array.ConvertAll(batch.Ints(pair.number).ToArray(), value => (float)value) : batch.Floats(pair.number).ToArray());
}
