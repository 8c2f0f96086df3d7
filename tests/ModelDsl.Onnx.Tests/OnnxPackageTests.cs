using ModelDsl.Package.Tests;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Onnx.Tests;

/// <summary>The package as those get it who do not have the repository: a reference to it alone, and a model that becomes a file.</summary>
public sealed class OnnxPackageTests
{
    private const string Program = """
        using ModelDsl;

        using var model = new Net(seed: 1);
        model.ExportOnnx("net.onnx");
        Console.WriteLine(new FileInfo("net.onnx").Length > 0);

        [Model, Input(4), Dense(3), SoftmaxCrossEntropy]
        public sealed partial class Net;

        """;

    [StandardFact]
    public void A_fresh_project_writes_a_file_that_ONNX_Runtime_loads()
    {
        using var project = new OnnxProject();
        Assert.Contains("lib/net10.0/ModelDsl.Onnx.dll", project.PackageContent("ModelDsl.Onnx"));
        Assert.Contains("lib/net10.0/ModelDsl.Onnx.xml", project.PackageContent("ModelDsl.Onnx"));
        var manifest = project.Manifest("ModelDsl.Onnx").ToString();
        Assert.Contains("Google.Protobuf", manifest, StringComparison.Ordinal);
        Assert.DoesNotContain("Grpc.Tools", manifest, StringComparison.Ordinal);
        Assert.DoesNotContain("Google.Protobuf", project.Manifest("ModelDsl").ToString(), StringComparison.Ordinal);

        var build = project.Build(Program);
        Assert.True(build.ExitCode == 0, build.Output);
        var run = project.Run();
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("True", run.Output.Trim());
        using var session = new OnnxSession(File.ReadAllBytes(project.Exported));
        Assert.Equal([-1, 3], session.Outputs["output"]);
    }

    private sealed class OnnxProject() : FreshProject("ModelDsl.Onnx", "ModelDsl.Runtime", "ModelDsl.Onnx")
    {
        public string Exported => Path.Combine(Folder, "net.onnx");
    }
}
