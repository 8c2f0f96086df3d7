using ModelDsl.Compiled;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Tests;

/// <summary>Parameters in a second file.</summary>
public sealed class ExternalDataTests : FileTests
{
    [Fact]
    public void Parameters_can_be_in_a_second_file()
    {
        using var model = new Pictures(seed: 4);
        model.ExportOnnx(File, new OnnxExportOptions { ExternalData = true });
        Assert.Equal(["net.onnx", "net.onnx.data"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        using var session = new OnnxSession(File);
        float[] input = [.. Enumerable.Range(0, 8 * 8 * 3).Select(i => MathF.Sin(i))];
        var actual = session.Run(new Dictionary<string, float[]> { ["input"] = input })["output"];
        Assert.All(model.Predict(input).Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.True(new FileInfo(File).Length < 20_000);
    }

    [Fact]
    public void Parameters_of_more_than_2_GB_have_their_places_in_the_second_file_and_are_not_read_before()
    {
        const int Side = 1 << 14;
        GraphNode Table(string name) => new(GraphNodeKind.Parameter, name, [Side, Side], []);
        GraphDescription graph = new([Table("a"), Table("b"), Table("c")], [new(GraphOutputKind.Output, "x", 0), new(GraphOutputKind.Output, "y", 1), new(GraphOutputKind.Output, "z", 2)]);
        var external = new ExternalNumbers("net.onnx.data");
        var tensors = OnnxModelWriter.Write("Large", graph, new Unreadable(), new OnnxExportOptions(), external).Graph.Initializer;
        Assert.All(tensors, tensor => Assert.Equal(TensorProto.Types.DataLocation.External, tensor.DataLocation));
        Assert.Equal(["0", "1073741824", "2147483648"], tensors.Select(tensor => tensor.ExternalData.Single(entry => entry.Key == "offset").Value));
        Assert.All(tensors, tensor => Assert.Equal("1073741824", tensor.ExternalData.Single(entry => entry.Key == "length").Value));
    }

    private sealed class Unreadable : IModelValues
    {
        public float[] Tensor(string name) => throw new InvalidOperationException();

        public float[] Constant(int number) => throw new InvalidOperationException();
    }
}
