using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Package.Tests;

namespace ModelDsl.Ilgpu.Tests.Packages;

/// <summary>The package as those get it who do not have the repository: a reference to it alone, a model, and steps on ILGPU's CPU accelerator.</summary>
public sealed class IlgpuPackageTests
{
    private const string Program = """
        using ModelDsl;

        float[] x = [.. Enumerable.Range(0, 16).Select(i => (i / 8f) - 1)];
        float[] y = [.. x.Select(value => (2 * value) + 0.5f)];
        using var gpu = IlgpuDevice.CreateCpuAccelerator();
        using var line = new Line(seed: 1, device: gpu);
        new Trainer(new Sgd(0.5)) { Epochs = 30, BatchSize = 16 }.Fit(line, Dataset.FromArrays(x, y));
        line.Save("line.safetensors");
        using var again = Line.FromFile("line.safetensors");
        Console.WriteLine(FormattableString.Invariant($"{line.Predict([0.25f])[0]:0.00} {again.Predict([0.25f])[0]:0.00}"));

        [Model, Input(1), Dense(1), MeanSquaredError]
        public sealed partial class Line;

        """;

    [RepositoryFact]
    public void A_fresh_project_trains_a_model_on_the_cpu_accelerator()
    {
        using var project = new IlgpuProject();
        Assert.Contains("lib/net10.0/ModelDsl.Ilgpu.dll", project.PackageContent("ModelDsl.Ilgpu"));
        Assert.Contains("lib/net10.0/ModelDsl.Ilgpu.xml", project.PackageContent("ModelDsl.Ilgpu"));

        // Those of the project that uses the package are loaded instead.
        Assert.DoesNotContain("tools/net10.0/ILGPU.dll", project.PackageContent("ModelDsl.Ilgpu"));

        var build = project.Build(Program);
        Assert.True(build.ExitCode == 0, build.Output);
        var run = project.Run();
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("1.00 1.00", run.Output.TrimEnd().Split('\n')[^1].Trim());

        // The code of its kernels is beside it, and for reading beside the generated C#.
        Assert.True(File.Exists(Path.Combine(project.Folder, "bin", "Release", "net10.0", "App.kernels")));
        Assert.Contains("ModelDsl: ", build.Output, StringComparison.Ordinal);
        var texts = Path.Combine(project.Folder, "obj", "Release", "net10.0", "generated", "ModelDsl.Ilgpu");
        Assert.NotEmpty(Directory.EnumerateFiles(texts, "*.LineIlgpu.Dense1.sm_80.ptx"));
        Assert.NotEmpty(Directory.EnumerateFiles(texts, "*.LineIlgpu.Dense1.cl"));

        // A kernel that has not changed is not compiled again, and an error stops a build.
        build = project.Build(Program);
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Contains("ModelDsl: 0 of ", build.Output, StringComparison.Ordinal);
        build = project.Build(Program, "-p:ModelDslGpuArchitectures=sm_20");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error MDSLGPU003: 'sm_20' in ModelDslGpuArchitectures is not an architecture", build.Output, StringComparison.Ordinal);
    }

    [RepositoryFact]
    public void A_package_of_a_library_with_models_brings_their_kernels_into_the_program()
    {
        using var project = new IlgpuProject();
        project.WriteLibrary("""
            using ModelDsl;

            namespace Lines;

            [Model, Input(1), Dense(1), MeanSquaredError]
            public sealed partial class Line;
            """);
        var pack = project.Run(["pack", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-o", Path.Combine(project.Folder, "feed"), $"-p:PackageVersion={project.Version}"], "Lines");
        Assert.True(pack.ExitCode == 0, pack.Output);
        Assert.Contains("lib/net10.0/Lines.kernels", project.PackageContent("Lines"));

        // The program refers to the library only, and has no models of its own.
        var publish = project.Run(["publish", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-o", "published"], "Program");
        Assert.True(publish.ExitCode == 0, publish.Output);
        string[] folders = [Path.Combine("bin", "Release", "net10.0"), "published"];
        Assert.All(folders, folder => Assert.True(File.Exists(Path.Combine(project.Folder, "Program", folder, "Lines.kernels")), folder));
        var run = project.Run([Path.Combine("published", "Program.dll")], "Program");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("Line", run.Output.Trim());
    }

    private sealed class IlgpuProject() : FreshProject("ModelDsl.Ilgpu", "ModelDsl.Runtime", "ModelDsl.Runtime.Ilgpu")
    {
        /// <summary>Writes a library with models, and a program that refers to its package.</summary>
        public void WriteLibrary(string models)
        {
            Directory.CreateDirectory(Path.Combine(Folder, "Lines"));
            Directory.CreateDirectory(Path.Combine(Folder, "Program"));
            Write(Path.Combine("Lines", "Lines.csproj"), Project("Library", "ModelDsl.Ilgpu"));
            Write(Path.Combine("Lines", "Lines.cs"), models);
            Write(Path.Combine("Program", "Program.csproj"), Project("Exe", "Lines"));
            Write(Path.Combine("Program", "Program.cs"), """
                using var gpu = ModelDsl.IlgpuDevice.CreateCpuAccelerator();
                using var line = new Lines.Line(seed: 1, device: gpu);
                System.Console.WriteLine(line.Description.Name);
                """);
        }

        private string Project(string output, string package) => $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>{output}</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{Version}" />
              </ItemGroup>
            </Project>
            """;
    }
}
