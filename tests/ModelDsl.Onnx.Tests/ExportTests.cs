using System.Runtime.InteropServices;
using ModelDsl.Compiled;
using ModelDsl.Ilgpu.Tests;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Tests;

/// <summary>What files contain: operators for whole layers, names, properties; and what bad input gets.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-onnx").FullName;

    private string File => Path.Combine(folder, "net.onnx");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Dense_layers_are_matrix_products_with_their_bias() =>
        Assert.Equal(["Gemm", "Relu", "Gemm", "Softmax", "Identity"], Operators(new Classifier()));

    [Fact]
    public void Convolutions_and_pools_are_one_operator_each_and_pictures_are_transposed_once_at_both_ends() => Assert.Equal(
        ["Transpose", "Conv", "Relu", "MaxPool", "Conv", "AveragePool", "Tanh", "Transpose", "Reshape", "Gemm", "Softmax", "Identity"], Operators(new PooledMaps()));

    [Fact]
    public void A_residual_network_is_transposed_at_the_entry_only() => Assert.Equal(
        [
            "Transpose", "Conv", "BatchNormalization", "Relu", "Conv", "BatchNormalization", "Relu", "Conv", "BatchNormalization", "Add", "Relu", "MaxPool", "GlobalAveragePool", "Squeeze", "Gemm",
            "Softmax", "Identity",
        ],
        Operators(new Pictures()));

    [Theory]
    [InlineData(17, "LayerNormalization", "Softmax")]
    [InlineData(21, "LayerNormalization", "Softmax", "Gelu")]
    [InlineData(23, "LayerNormalization", "Attention", "RMSNormalization", "Gelu")]
    public void Layers_are_the_operators_of_the_opset(int opset, params string[] operators)
    {
        var all = Operators(new Attending(), opset);
        Assert.All(operators, type => Assert.Contains(type, all));
        Assert.Equal(opset == 23, !all.Contains("Softmax"));
        Assert.DoesNotContain("Exp", all);
    }

    [Fact]
    public void Recurrent_layers_are_operators_and_not_loops()
    {
        var all = Operators(new Sequence());
        Assert.Equal(["LSTM", "LSTM", "GRU", "GRU", "RNN"], all.Where(type => type is "LSTM" or "GRU" or "RNN" or "Scan"));
    }

    [Fact]
    public void Activations_are_one_operator_each()
    {
        Assert.Equal(["Gemm", "LeakyRelu", "Gemm", "Softplus", "Gemm", "Sigmoid", "Identity"], Operators(new Dropped()));
        Assert.Contains("Elu", Operators(new Normalised()));
    }

    [Fact]
    public void Transposed_convolutions_are_one_operator_each() => Assert.Equal(2, Operators(new Enlarged()).Count(type => type == "ConvTranspose"));

    [Fact]
    public void Recurrences_that_skip_padding_are_loops() => Assert.Contains("Scan", Operators(new Remembering()));

    [Theory]
    [InlineData(17)]
    [InlineData(21)]
    public void Zeros_of_a_pad_count_in_a_pool_after_it(int opset)
    {
        using var model = new Framed(seed: 3);
        model.ExportOnnx(File, opset);
        using var session = new OnnxSession(System.IO.File.ReadAllBytes(File));
        var input = Enumerable.Repeat(-1f, 18).ToArray();
        var expected = model.Predict(input);
        var actual = session.Run(new Dictionary<string, float[]> { ["input"] = input })["output"];
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Parameters_keep_their_names_and_values()
    {
        using var model = new Classifier(seed: 2);
        var tensors = Export(model).Graph.Initializer.ToDictionary(tensor => tensor.Name);
        Assert.All(model.Parameters, parameter =>
        {
            Assert.Equal(parameter.Shape.Select(extent => (long)extent), tensors[parameter.Name].Dims);
            Assert.Equal(parameter.ToArray(), MemoryMarshal.Cast<byte, float>(tensors[parameter.Name].RawData.Span).ToArray());
        });
        Assert.Equal(model.Parameters.Count, tensors.Count);
    }

    [Fact]
    public void Inputs_and_outputs_keep_their_names_and_samples_have_a_name()
    {
        using var model = new Coded();
        model.ExportOnnx(File, new OnnxExportOptions { NamedOutputs = true });
        using var session = new OnnxSession(System.IO.File.ReadAllBytes(File));
        Assert.Equal(["input"], session.Inputs.Keys);
        Assert.Equal([-1, 5], session.Inputs["input"]);
        Assert.Equal("batch", session.BatchAxis("input"));
        Assert.Equal(["code", "first", "output"], session.Outputs.Keys.Order());
    }

    [Fact]
    public void A_file_for_one_sample_has_its_size()
    {
        using var model = new Classifier();
        model.ExportOnnx(File, dynamicBatch: false);
        using var session = new OnnxSession(System.IO.File.ReadAllBytes(File));
        Assert.Equal([1, 5], session.Inputs["input"]);
    }

    [Fact]
    public void An_output_with_the_name_of_an_input_gets_a_number()
    {
        using var model = new Copied();
        model.ExportOnnx(File);
        using var session = new OnnxSession(System.IO.File.ReadAllBytes(File));
        Assert.Equal(["output"], session.Inputs.Keys);
        Assert.Equal(["output_2"], session.Outputs.Keys);
    }

    [Fact]
    public void The_file_says_which_model_it_is_and_what_its_classes_are_called()
    {
        using var model = new Classifier();
        model.ExportOnnx(File, new OnnxExportOptions { Labels = ["cat", "dog", "owl"], ModelVersion = 7, Metadata = new Dictionary<string, string> { ["author"] = "me" } });
        using var session = new OnnxSession(System.IO.File.ReadAllBytes(File));
        Assert.Equal("Classifier", session.Properties["model"]);
        Assert.Equal("7", session.Properties["version"]);
        Assert.Equal("cat\ndog\nowl", session.Properties["labels"]);
        Assert.Equal("me", session.Properties["author"]);
    }

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
        var error = Assert.Throws<DirectoryNotFoundException>(() => model.ExportOnnx(Path.Combine(folder, "missing", "net.onnx")));
        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => model.ExportOnnx(folder));
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

    [Fact]
    public void Inputs_are_scaled_and_normalized_before_the_network_reads_them()
    {
        using var model = new Pictures(seed: 4);
        float[] mean = [0.4f, 0.5f, 0.6f], deviation = [0.2f, 0.25f, 0.5f];
        model.ExportOnnx(File, new OnnxExportOptions { Preprocessing = new() { Scale = 1 / 255f, Mean = mean, StandardDeviation = deviation } });
        using var session = new OnnxSession(File);
        float[] bytes = [.. Enumerable.Range(0, 2 * 8 * 8 * 3).Select(i => (float)(i * 37 % 256))];
        var expected = model.Predict([.. bytes.Select((value, i) => ((value / 255f) - mean[i % 3]) / deviation[i % 3])]);
        var actual = session.Run(new Dictionary<string, float[]> { ["input"] = bytes })["output"];
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [InlineData(0.5f, null, null, new[] { "Mul" })]
    [InlineData(1f, 2f, null, new[] { "Add" })]
    [InlineData(1f, null, 2f, new[] { "Mul" })]
    [InlineData(1f, null, null, new string[0])]
    public void Only_what_changes_the_input_is_written(float scale, float? mean, float? deviation, string[] operators)
    {
        using var model = new Classifier();
        var preprocessing = new OnnxPreprocessing { Input = "input", Scale = scale, Mean = mean is { } one ? [one] : [], StandardDeviation = deviation is { } two ? [two] : [] };
        var file = OnnxModelWriter.Write("Classifier", model.Description.Graph!(), new ModelValues(model), new OnnxExportOptions { Preprocessing = preprocessing });
        Assert.Equal(operators, file.Graph.Node.Select(node => node.OpType).TakeWhile(type => type != "Gemm"));
    }

    [Fact]
    public void Preprocessing_that_does_not_fit_the_model_is_an_error()
    {
        using var model = new Classifier();
        using var attentive = new Attentive();
        Fails(model, "Mean has 2 numbers, but the last axis of the input has 5 elements", new() { Mean = [1, 2] });
        Fails(model, "StandardDeviation has a number that is zero", new() { StandardDeviation = [0] });
        Fails(model, "Mean has a number that is infinite or NaN", new() { Mean = [float.NaN] });
        Fails(model, "Scale is NaN", new() { Scale = float.NaN });
        Fails(model, "no input of floats 'pixels'; its inputs of floats are: 'input'", new() { Input = "pixels" });
        Fails(attentive, "it is for one input of floats, but the model has", new());

        void Fails(Model model, string message, OnnxPreprocessing preprocessing) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.ExportOnnx(File, new OnnxExportOptions { Preprocessing = preprocessing })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_can_be_in_a_second_file()
    {
        using var model = new Pictures(seed: 4);
        model.ExportOnnx(File, new OnnxExportOptions { ExternalData = true });
        Assert.Equal(["net.onnx", "net.onnx.data"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
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

    /// <summary>The versions of ONNX 1.12 to 1.18.</summary>
    [Theory]
    [InlineData(17, 8)]
    [InlineData(18, 8)]
    [InlineData(19, 9)]
    [InlineData(20, 9)]
    [InlineData(21, 10)]
    [InlineData(22, 10)]
    [InlineData(23, 11)]
    public void Every_opset_is_read_and_has_the_version_of_the_format_that_introduced_it(int opset, long version)
    {
        foreach (var model in new Model[] { new Attending(), new PooledMaps(), new Pictures() })
        {
            using (model)
            {
                var file = Export(model, opset);
                Assert.Equal(version, file.IrVersion);
                using var session = new OnnxSession(ExportedModel.Bytes(file));
            }
        }
    }

    [Fact]
    public void A_warning_of_the_runtime_is_noticed()
    {
        using var model = new Classifier();
        var file = Export(model);
        file.Graph.Initializer.Add(new TensorProto { Name = "unused", DataType = (int)TensorProto.Types.DataType.Float, RawData = Google.Protobuf.ByteString.CopyFrom(new byte[4]) });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => new OnnxSession(ExportedModel.Bytes(file)).Dispose());
    }

    private static GraphDescription Of(GraphNodeKind kind) => new([new(kind, "layer1", [-1, 4], [])], [new(GraphOutputKind.Output, "output", 0)]);

    private static ModelProto Export(Model model, int opset = 21) =>
        OnnxModelWriter.Write(model.Description.Name, model.Description.Graph!(), new ModelValues(model), new OnnxExportOptions { Opset = opset });

    private static string[] Operators(Model model, int opset = 21)
    {
        using (model)
            return [.. Export(model, opset).Graph.Node.Select(node => node.OpType)];
    }
}
