using System.Runtime.InteropServices;
using ModelDsl.Onnx.Importer.Weights;
using ModelDsl.Package.Tests;
using ModelDsl.Tests.Shared;
using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>The package as those get it who do not have the repository: a line in the project file, and a class.</summary>
public sealed class PackageTests
{
    private const string Program = """
        using ModelDsl;

        using var model = Own.Net.FromWeights();
        Console.WriteLine(string.Join(" ", model.Predict([1f, 2f, 3f, 4f])));

        """;

    [StandardFact]
    public void A_project_imports_a_file_once_and_reports_its_errors()
    {
        using var project = new ImportingProject();
        Assert.Contains("tools/net10.0/ModelDsl.Onnx.Importer.dll", project.PackageContent("ModelDsl.Onnx"));
        Assert.DoesNotContain("System.CommandLine", project.Manifest("ModelDsl.Onnx").ToString(), StringComparison.Ordinal);
        var graph = new OnnxGraph().Input("x", DataType.Float, 1, 4).Weight("layer.weight", 3, 4).Weight("layer.bias", 3).Node("Gemm", "y", ["x", "layer.weight", "layer.bias"], ("transB", 1)).Output("y");
        project.WriteModel(graph.Bytes());

        var build = project.Build(Program);
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Contains("ModelDsl: importing net.onnx", build.Output, StringComparison.Ordinal);
        using var runtime = new OnnxRuntime(graph.Bytes());
        var expected = runtime.Run(new Dictionary<string, float[]> { ["x"] = [1, 2, 3, 4] }, new Dictionary<string, long[]> { ["x"] = [1, 4] })[0];
        var run = project.Run();
        Assert.True(run.ExitCode == 0, run.Output);
        Close.Assert(expected, [.. run.Output.Trim().Split(' ').Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))]);

        // Nothing is done for a file that has not changed, and a change is noticed.
        Assert.DoesNotContain("importing", project.Build(Program).Output, StringComparison.Ordinal);
        graph.Node("Foo", "z", ["y"]).File.Graph.Output[0].Name = "z";
        project.WriteModel(graph.Bytes());
        var failed = project.Build(Program);
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("net.onnx : error MDSLONNX003: node 'z_node' (Foo): the operator is not supported", failed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("MSB3073", failed.Output, StringComparison.Ordinal);

        // Another output is another import, and a published program has the weights.
        var published = project.Publish("y");
        Assert.True(published.ExitCode == 0, published.Output);
        Assert.True(File.Exists(Path.Combine(project.Folder, "published", "Net.safetensors")));
    }

    [StandardFact]
    public void A_project_notices_changed_numbers_in_another_file_and_takes_trained_weights()
    {
        using var project = new ImportingProject();
        var graph = new OnnxGraph().Input("x", DataType.Float, 1, 4).Weight("layer.weight", 3, 4).Node("Gemm", "z", ["x", "layer.weight"], ("transB", 1)).Node("Floor", "y", ["z"]).Output("y");
        var tensor = graph.File.Graph.Initializer[0];
        tensor.RawData = Google.Protobuf.ByteString.Empty;
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new Schema.StringStringEntryProto { Key = "location", Value = "my data.bin" });
        project.WriteModel(graph.Bytes());
        project.WriteData("my data.bin", 1);
        Assert.Equal("10 10 10", project.BuildAndRun(Program));

        // Nothing has changed; only the numbers have; they are missing.
        Assert.DoesNotContain("importing", project.Build(Program).Output, StringComparison.Ordinal);
        project.WriteData("my data.bin", 2);
        Assert.Equal("20 20 20", project.BuildAndRun(Program));
        File.Delete(Path.Combine(project.Folder, "my data.bin"));
        Assert.Contains("net.onnx : error MDSLONNX002: tensor 'layer.weight': it is in the file 'my data.bin', which does not exist", project.Build(Program).Output, StringComparison.Ordinal);
        project.WriteData("my data.bin", 2);

        // Trained weights take the place of those of the file. They are compared with the model when it is compiled.
        project.WriteTrained("trunk.layer.weight", [3, 4], 3);
        Assert.Equal("30 30 30", project.BuildAndRun(Program, "-p:Trained=trained.safetensors", "-p:TrainedPrefix=trunk."));
        project.WriteTrained("trunk.layer.weight", [4, 3], 3);
        var failed = project.Build(Program, "-p:Trained=trained.safetensors", "-p:TrainedPrefix=trunk.");
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("error MDSL0105", failed.Output, StringComparison.Ordinal);
        Assert.Contains("'net.layer.weight' is [4, 3] in the file, but [3, 4] in the model", failed.Output, StringComparison.Ordinal);
        Assert.Equal("20 20 20", project.BuildAndRun(Program));
    }

    private sealed class ImportingProject() : FreshProject("ModelDsl.Onnx", "ModelDsl.Runtime", "ModelDsl.Onnx")
    {
        public void WriteModel(byte[] bytes)
        {
            Write("Directory.Build.props", """<Project><ItemGroup><ModelDslOnnx Include="net.onnx" Model="Net" Namespace="Own" Outputs="$(Cut)" Weights="$(Trained)" WeightsPrefix="$(TrainedPrefix)" /></ItemGroup></Project>""");
            File.WriteAllBytes(Path.Combine(Folder, "net.onnx"), bytes);
        }

        public string BuildAndRun(string program, params string[] settings)
        {
            var build = Build(program, settings);
            Assert.True(build.ExitCode == 0, build.Output);
            var run = Run();
            Assert.True(run.ExitCode == 0, run.Output);
            return run.Output.Trim();
        }

        public void WriteData(string name, float value) => File.WriteAllBytes(Path.Combine(Folder, name), MemoryMarshal.AsBytes(Enumerable.Repeat(value, 12).ToArray().AsSpan()));

        public void WriteTrained(string name, long[] shape, float value) =>
            WeightFile.Write(Path.Combine(Folder, "trained.safetensors"), "Trained", [new(name, shape, () => [.. Enumerable.Repeat(value, 12)]), new("head.weight", [1], () => [1])]);

        public DotNet.Result Publish(string output) => Run(["publish", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false", $"-p:Cut={output}", "-o", Path.Combine(Folder, "published")]);
    }
}
