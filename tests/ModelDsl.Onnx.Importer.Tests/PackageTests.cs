using ModelDsl.Package.Tests;
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

    [Fact]
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

    private sealed class ImportingProject() : FreshProject("ModelDsl.Onnx", "ModelDsl.Runtime", "ModelDsl.Onnx")
    {
        public void WriteModel(byte[] bytes)
        {
            Write("Directory.Build.props", """<Project><ItemGroup><ModelDslOnnx Include="net.onnx" Model="Net" Namespace="Own" Outputs="$(Cut)" /></ItemGroup></Project>""");
            File.WriteAllBytes(Path.Combine(Folder, "net.onnx"), bytes);
        }

        public DotNet.Result Publish(string output) => Run(["publish", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false", $"-p:Cut={output}", "-o", Path.Combine(Folder, "published")]);
    }
}
