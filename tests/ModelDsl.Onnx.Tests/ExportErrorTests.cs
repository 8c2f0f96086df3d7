using ModelDsl.Compiled;
using ModelDsl.Ilgpu.Tests;

namespace ModelDsl.Onnx.Tests;

/// <summary>What bad input gets.</summary>
public sealed class ExportErrorTests : FileTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void An_unknown_opset_names_those_that_can_be_written(int opset)
    {
        using var model = new Classifier();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => model.ExportOnnx(File, opset));
        Assert.Contains("17 to 23", error.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void A_model_without_its_graph_says_which_package_its_project_must_reference()
    {
        using var model = new Bare(null);
        var error = Assert.Throws<InvalidOperationException>(() => model.ExportOnnx(File));
        Assert.Contains("reference the package ModelDsl.Onnx in the project that declares the model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_ONNX_cannot_say_is_an_error_that_names_the_layer_and_leaves_the_file_as_it_was()
    {
        System.IO.File.WriteAllText(File, "old");
        using var model = new Bare(() => Of(GraphNodeKind.Random));
        var error = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(File));
        Assert.Contains("'layer1' cannot be written as ONNX: it draws random numbers", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void More_parameters_than_a_file_can_have_are_an_error_before_they_are_read()
    {
        GraphDescription graph = new([new(GraphNodeKind.Parameter, "table", [1 << 15, 1 << 14], [])], [new(GraphOutputKind.Output, "output", 0)]);
        using var model = new Bare(() => graph);
        var error = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(File));
        Assert.Contains("2,147,483,648 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("set ExternalData", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        using var model = new Classifier();
        var error = Assert.Throws<DirectoryNotFoundException>(() => model.ExportOnnx(Path.Combine(Folder, "missing", "net.onnx")));
        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => model.ExportOnnx(Folder));
    }

    [Fact]
    public void Options_that_a_file_cannot_hold_are_errors()
    {
        using var model = new Classifier();
        Fails("'a\\nb'", new() { Labels = ["a\nb"] });
        Fails("must not be null", new() { Labels = [null!, "a\nb"] });
        Fails("There are 2 labels, but the last axis of the model's output has", new() { Labels = ["cat", "dog"] });
        Fails("'labels'", new() { Metadata = new Dictionary<string, string> { ["labels"] = "" } });
        Fails("must not be null", new() { Metadata = new Dictionary<string, string> { ["author"] = null! } });
        Fails("no name", new() { Metadata = new Dictionary<string, string> { [""] = "" } });
        Fails("BatchSize is 0", new() { DynamicBatch = false, BatchSize = 0 });
        Fails("set DynamicBatch to false", new() { BatchSize = 8 });

        void Fails(string message, OnnxExportOptions options) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => model.ExportOnnx(File, options)).Message, StringComparison.Ordinal);
    }

    private static GraphDescription Of(GraphNodeKind kind) => new([new(kind, "layer1", [-1, 4], [])], [new(GraphOutputKind.Output, "output", 0)]);
}
