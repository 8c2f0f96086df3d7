using Google.Protobuf;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Files that cannot be imported: one error that says what is wrong and what to do. Nothing else happens, whatever is in the file.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-import").FullName;

    private static OnnxGraph Dense => new OnnxGraph().Input("x", DataType.Float, 0, 4).Weight("w", 4, 3).Node("MatMul", "y", ["x", "w"]).Output("y");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_unknown_operator_is_named_with_its_node() =>
        Fails(ImportException.Unsupported, "node 'y_node' (Foo): the operator is not supported", new OnnxGraph().Input("x", DataType.Float, 0, 4).Node("Foo", "y", ["x"]).Output("y"));

    [Fact]
    public void An_operator_of_another_set_is_named()
    {
        var graph = Dense;
        graph.File.Graph.Node[0].Domain = "com.microsoft";
        Fails(ImportException.Unsupported, "one of the set 'com.microsoft'", graph);
    }

    [Fact]
    public void An_input_of_strings_is_named() => Fails(ImportException.Unsupported, "the input 'x' consists of String, but only numbers are supported", new OnnxGraph().Input("x", DataType.String, 0, 4).Node("LabelEncoder", "y", ["x"]).Output("y"));

    [Fact]
    public void A_later_opset_says_which_can_be_read() => Fails(ImportException.Version, "opset 99, but opsets 1 to 23 can be read", Written(new OnnxGraph(99).Input("x", DataType.Float, 0, 4).Node("Relu", "y", ["x"]).Output("y").Bytes()));

    [Fact]
    public void A_size_that_the_file_does_not_say_is_asked_for() =>
        Fails(ImportException.UnknownSize, "InputShape=\"x=1,3,…,…\"", new OnnxGraph().Input("x", DataType.Float, 0, 3, 0, 0).Node("Relu", "y", ["x"]).Output("y"));

    [Fact]
    public void A_cycle_names_a_node_of_it() =>
        Fails(ImportException.Damaged, "its input 'b' is computed after it", new OnnxGraph().Input("x", DataType.Float, 0, 4).Node("Add", "a", ["x", "b"]).Node("Relu", "b", ["a"]).Output("b"));

    [Fact]
    public void A_value_that_nothing_computes_is_named() => Fails(ImportException.Damaged, "its input 'nothing'", new OnnxGraph().Input("x", DataType.Float, 0, 4).Node("Add", "a", ["x", "nothing"]).Output("a"));

    [Fact]
    public void Shapes_that_do_not_match_are_both_shown() =>
        Fails(ImportException.Damaged, "the shapes [N, 4] and [5, 3] do not match", new OnnxGraph().Input("x", DataType.Float, 0, 4).Weight("w", 5, 3).Node("MatMul", "y", ["x", "w"]).Output("y"));

    [Fact]
    public void An_output_that_does_not_exist_names_the_last_node()
    {
        var exception = Assert.Throws<ImportException>(() => Dense.Import(options => options with { Outputs = ["foo"] }));
        Assert.Equal(ImportException.Option, exception.Code);
        Assert.Contains("The last node is 'y_node'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is a text and no model.")]
    public void What_is_no_ONNX_file_is_an_error(string content) => Fails(ImportException.File, "", Written(System.Text.Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_file_that_does_not_exist_is_an_error() => Fails(ImportException.File, "it cannot be read", Path.Combine(folder, "missing.onnx"));

    [Fact]
    public void A_tensor_of_2_to_the_62_elements_is_an_error_and_needs_no_memory()
    {
        var graph = Dense;
        graph.File.Graph.Initializer[0].Dims[0] = 1L << 31;
        graph.File.Graph.Initializer[0].Dims[1] = 1L << 31;
        Fails(ImportException.Damaged, "tensor 'w': its shape [2147483648, 2147483648] is not possible", graph);
    }

    [Fact]
    public void A_shape_that_would_fill_the_memory_is_an_error() =>
        Fails(ImportException.Unsupported, "too large", new OnnxGraph().Input("x", DataType.Float, 0, 1).Integers("shape", 1, 1L << 40).Node("ConstantOfShape", "c", ["shape"]).Node("Range", "d", ["c", "c", "c"]).Node("Add", "y", ["x", "c"]).Output("y"));

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/../../secret.bin")]
    public void Numbers_in_a_file_outside_the_folder_are_not_read(string location)
    {
        var graph = Dense;
        SetExternal(graph, location);
        Fails(ImportException.ExternalData, "outside the folder of the ONNX file", Written(graph.Bytes()));
    }

    [Fact]
    public void Numbers_behind_a_link_are_not_read()
    {
        var secret = Path.Combine(folder, "..", Path.GetFileName(folder) + "-secret");
        File.WriteAllBytes(secret, new byte[48]);
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), secret);
            var graph = Dense;
            SetExternal(graph, "link.bin");
            Fails(ImportException.ExternalData, "Links are not followed", Written(graph.Bytes()));
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public void Numbers_in_a_file_beside_are_read()
    {
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), Dense.File.Graph.Initializer[0].RawData.ToByteArray());
        var graph = Dense;
        SetExternal(graph, "w.bin");
        var import = OnnxImport.Of(new ImportOptions { Path = Written(graph.Bytes()), Model = "Net" });
        Assert.Equal(Dense.Import().Weights[0].Values(), import.Weights[0].Values());
    }

    [Fact]
    public void A_short_file_beside_is_an_error()
    {
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), new byte[47]);
        var graph = Dense;
        SetExternal(graph, "w.bin");
        Fails(ImportException.ExternalData, "bytes 0 to 48 of 'w.bin' are needed, but it has 47", Written(graph.Bytes()));
    }

    [Fact]
    public void Numbers_in_a_file_beside_that_do_not_fit_into_an_array_are_an_error()
    {
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), new byte[48]);
        var graph = Dense;
        SetExternal(graph, "w.bin");
        graph.File.Graph.Initializer[0].Dims[1] = 150_000_000;
        Fails(ImportException.ExternalData, "it has 2,400,000,000 bytes, but at most", Written(graph.Bytes()));
    }

    [Theory]
    [InlineData(3, 2, 15, "the weight B has shape [1, 15], but [1, 16] is expected")]
    [InlineData(4, 2, 16, "the weight W has shape [1, 8, 4], but [1, 8, 3] is expected")]
    [InlineData(3, 1, 16, "the weight R has shape [1, 8, 1], but [1, 8, 2] is expected")]
    public void Weights_of_a_recurrence_have_its_sizes(int width, int units, int biases, string message)
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 5, 0, 3).Weight("w", 1, 8, width).Weight("r", 1, 8, units).Weight("b", 1, biases).Node("LSTM", "y", ["x", "w", "r", "b"], ("hidden_size", 2)).Output("y");
        Check(ImportException.Damaged, message, Assert.Throws<ImportException>(() => graph.Import(options => options with { Batch = 1 })));
    }

    [Fact]
    public void Equal_numbers_that_would_fill_the_memory_as_a_weight_are_an_error()
    {
        var import = new OnnxGraph().Input("x", DataType.Float, 0, 20_000).Equal("w", 1, 20_000, 20_000).Node("MatMul", "y", ["x", "w"]).Output("y").Import();
        Check(ImportException.Unsupported, "a constant of shape [20000, 20000] is too large for a weight", Assert.Throws<ImportException>(() => import.Weights[0].Values()));
    }

    [Fact]
    public void Every_truncated_file_is_read_or_is_one_error()
    {
        var bytes = Dense.Bytes();
        for (var length = 0; length < bytes.Length; length++) ReadsOrFails(bytes[..length]);
    }

    [Fact]
    public void Every_changed_byte_is_read_or_is_one_error()
    {
        var bytes = new OnnxGraph().Input("x", DataType.Float, 1, 2, 4, 4).Weight("w", 2, 2, 3, 3).Integers("s", 1, -1)
            .Node("Conv", "c", ["x", "w"], ("pads", new long[] { 1, 1, 1, 1 })).Node("Softmax", "m", ["c"], ("axis", 1)).Node("Reshape", "r", ["m", "s"]).Output("r").Bytes();
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var changed = (byte[])bytes.Clone();
            for (var changes = 0; changes <= i % 3; changes++) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            ReadsOrFails(changed);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\u0085")]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    public void A_name_with_a_line_break_stays_within_its_comment(string lineBreak)
    {
        var name = $"x{lineBreak}internal static class Injected {{ }} //";
        var source = new OnnxGraph().Input(name, DataType.Float, 0, 4).Node("Relu", name + "y", [name]).Output(name + "y").Import(options => options with { Path = $"net{lineBreak}class Injected.onnx" }).Source;
        var program = Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText(source);
        Assert.DoesNotContain(program.GetRoot().DescendantTokens(), token => token.ValueText == "Injected");
        Assert.Contains("Injected", source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_samples_is_no_number_of_the_model()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 4).Integers("first", 0)
            .Node("Shape", "s", ["x"]).Node("Gather", "n", ["s", "first"]).Node("Cast", "f", ["n"], ("to", 1)).Node("Div", "y", ["x", "f"]).Output("y");
        Fails(ImportException.Unsupported, "it computes with the number of samples", graph);
    }

    [Fact]
    public void An_input_without_samples_beside_one_with_samples_asks_for_the_axis()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 4).Input("table", DataType.Float, 3, 4).Node("Add", "y", ["x", "table"]).Output("y");
        Fails(ImportException.Option, "that of the input 'table' has the size 3", graph);
        Assert.Equal(2, graph.Import(options => options with { Batch = 0 }).Model.Inputs.Count);
    }

    [Theory]
    [InlineData("reflect")]
    [InlineData("constant")]
    public void Padding_that_would_fill_the_memory_is_an_error(string mode) => Fails(
        ImportException.Unsupported,
        "positions to axis 1, which is too many",
        new OnnxGraph().Input("x", DataType.Float, 0, 4).Integers("pads", 0, 100_000_000_000, 0, 0).Node("Pad", "y", ["x", "pads"], ("mode", mode)).Output("y"));

    [Fact]
    public void More_repeats_than_are_supported_are_an_error_and_not_left_out() => Fails(
        ImportException.Unsupported,
        "repeats axis 1 10,001 times",
        new OnnxGraph().Input("x", DataType.Float, 0, 4).Integers("repeats", 1, 10_001).Node("Tile", "y", ["x", "repeats"]).Output("y"));

    [Fact]
    public void A_dense_layer_that_was_found_is_named_as_in_the_file() =>
        Fails(ImportException.Damaged, "(MatMul): the shapes", new OnnxGraph().Input("x", DataType.Float, 0, 4).Weight("w", 5, 3).Weight("b", 3).Node("MatMul", "p", ["x", "w"]).Node("Add", "y", ["p", "b"]).Output("y"));

    [Fact]
    public void The_command_writes_an_error_in_the_format_of_MSBuild()
    {
        var path = Written(new OnnxGraph().Input("x", DataType.Float, 0, 4).Node("Foo", "y", ["x"]).Output("y").Bytes());
        Assert.StartsWith($"{path} : error MDSLONNX003: node 'y_node' (Foo): ", Command(Arguments(path, "Net")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "Net.cs")));
    }

    [Theory]
    [InlineData("class")]
    [InlineData("Tensor")]
    [InlineData("System")]
    [InlineData("1st")]
    [InlineData("a-b")]
    public void A_name_that_is_not_that_of_a_class_is_an_error(string name) =>
        Assert.Contains($"error MDSLONNX007: the name '{name}' is not that of a class", Command(Arguments(Written(Dense.Bytes()), name)), StringComparison.Ordinal);

    [Fact]
    public void Arguments_in_a_file_are_read_line_by_line_and_as_they_are()
    {
        const string Output = "$(echo a) `b` \"c\" d";
        var path = Path.Combine(folder, "net.arguments");
        File.WriteAllLines(path, [.. Arguments(Written(Dense.Bytes()), "Net"), "--input-shape", "", "--output", Output]);
        Assert.Contains($"there is no node or value '{Output}'", Command(["@" + path]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_with_two_shapes_is_an_error()
    {
        var path = Written(Dense.Bytes());
        Assert.StartsWith($"{path} : error MDSLONNX007: InputShape has two shapes for the input 'x'", Command([.. Arguments(path, "Net"), "--input-shape", "x=1,4;x=1,4"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_is_found_while_weights_are_written_is_in_the_format_of_MSBuild()
    {
        var path = Written(new OnnxGraph().Input("x", DataType.Float, 0, 20_000).Equal("w", 1, 20_000, 20_000).Node("MatMul", "y", ["x", "w"]).Output("y").Bytes());
        Assert.StartsWith($"{path} : error MDSLONNX003: a constant of shape [20000, 20000]", Command(Arguments(path, "Net")), StringComparison.Ordinal);
        Assert.StartsWith($"{path} : error MDSLONNX004: it cannot be converted: ", Command([Written(Dense.Bytes()), .. Arguments("", "Net")[1..^1], ""]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no file", "cannot be read")]
    [InlineData("", "are cut off, or not a safetensors file")]
    [InlineData("\u0003\0\0\0\0\0\0\0[1]", "are cut off, or not a safetensors file")]
    [InlineData("\u0010\0\0\0\0\0\0\0{}", "are cut off, or not a safetensors file")]
    public void Trained_weights_that_are_no_weights_are_an_error(string content, string message)
    {
        var trained = Path.Combine(folder, "trained.safetensors");
        if (content != "no file") File.WriteAllText(trained, content);
        var path = Written(Dense.Bytes());
        var error = Command([.. Arguments(path, "Net"), "--trained", trained]);
        Assert.StartsWith($"{path} : error MDSLONNX007: the trained weights '{trained}' {message}", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "Net.cs")));
    }

    [Fact]
    public void Results_that_cannot_be_written_are_one_error_and_leave_the_former_ones()
    {
        var arguments = Arguments(Written(Dense.Bytes()), "Net");
        Assert.Equal(0, ImportCommand.Parse(arguments).Invoke());
        var before = Contents();
        Assert.Equal(["Net.cs", "Net.data", "Net.safetensors", "Net.safetensors.txt", "net.onnx"], before.Keys);

        // A device that is always full.
        File.Delete(Path.Combine(folder, "Net.safetensors.txt"));
        File.CreateSymbolicLink(Path.Combine(folder, "Net.safetensors.txt"), "/dev/full");
        var path = Written(new OnnxGraph().Input("x", DataType.Float, 0, 4).Weight("w", 4, 5).Node("MatMul", "z", ["x", "w"]).Output("z").Bytes());
        var error = Command([path, .. arguments[1..]]);
        Assert.StartsWith($"{path} : error MDSLONNX001: its result cannot be written: No space left on device", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Equal(before["Net.cs"], File.ReadAllText(Path.Combine(folder, "Net.cs")));
        Assert.DoesNotContain(Directory.GetFiles(folder), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private SortedDictionary<string, string> Contents() => new(Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText), StringComparer.Ordinal);

    private static string Command(string[] arguments)
    {
        using var output = new StringWriter();
        var console = Console.Out;
        Console.SetOut(output);
        try
        {
            Assert.Equal(1, ImportCommand.Parse(arguments).Invoke());
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    private static void SetExternal(OnnxGraph graph, string location)
    {
        var tensor = graph.File.Graph.Initializer[0];
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    }

    private static void Fails(string code, string message, OnnxGraph graph) => Check(code, message, Assert.Throws<ImportException>(() => graph.Import()));

    private static void Fails(string code, string message, string path) => Check(code, message, Assert.Throws<ImportException>(() => OnnxImport.Of(new ImportOptions { Path = path, Model = "Net" })));

    private static void Check(string code, string message, ImportException exception)
    {
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(code, exception.Code);
    }

    private string[] Arguments(string path, string model) =>
    [
        path, "--model", model, "--weights", Path.Combine(folder, "Net.safetensors"), "--list", Path.Combine(folder, "Net.safetensors.txt"), "--data", Path.Combine(folder, "Net.data"),
        "--source", Path.Combine(folder, "Net.cs"),
    ];

    private string Written(byte[] bytes)
    {
        var path = Path.Combine(folder, "net.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private void ReadsOrFails(byte[] bytes)
    {
        try
        {
            var import = OnnxImport.Of(new ImportOptions { Path = Written(bytes), Model = "Net" });
            foreach (var weight in import.Weights) weight.Values();
        }
        catch (ImportException exception)
        {
            Assert.StartsWith("MDSLONNX", exception.Code, StringComparison.Ordinal);
        }
    }
}
