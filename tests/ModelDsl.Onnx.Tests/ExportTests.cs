using System.Runtime.InteropServices;
using ModelDsl.Compiled;
using ModelDsl.Ilgpu.Tests;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Tests;

/// <summary>What files contain: names, values, properties and versions.</summary>
public sealed class ExportTests : FileTests
{
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
        var tensors = ExportedModel.Of(model).Graph.Initializer.ToDictionary(tensor => tensor.Name);
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
                var file = ExportedModel.Of(model, opset);
                Assert.Equal(version, file.IrVersion);
                using var session = new OnnxSession(ExportedModel.Bytes(file));
            }
        }
    }

    [Fact]
    public void A_warning_of_the_runtime_is_noticed()
    {
        using var model = new Classifier();
        var file = ExportedModel.Of(model);
        file.Graph.Initializer.Add(new TensorProto { Name = "unused", DataType = (int)TensorProto.Types.DataType.Float, RawData = Google.Protobuf.ByteString.CopyFrom(new byte[4]) });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => new OnnxSession(ExportedModel.Bytes(file)).Dispose());
    }
}
