using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Messages with long names.</summary>
public sealed class MessageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public void A_long_name_is_shortened_and_no_character_is_split(string before)
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 4).Node("Foo", "y", ["x"]).Output("y");
        graph.File.Graph.Node[0].Name = before + string.Concat(Enumerable.Repeat("😀", 500)) + before;
        var message = Assert.Throws<ImportException>(() => graph.Import()).Message;
        Assert.InRange(message.Length, 10, 500);
        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(message)));
    }

    [Fact]
    public void A_path_is_shown_whole()
    {
        var path = Path.Combine(Path.GetTempPath(), new string('a', 240), "net.onnx");
        Assert.Contains(path, Assert.Throws<ImportException>(() => OnnxImport.Of(new ImportOptions { Path = path, Model = "Net" })).Message, StringComparison.Ordinal);
    }
}
