using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>What a build writes, and its errors.</summary>
public sealed class KernelCompilerTests
{
    private const string Two = """
        namespace Company;
        [Model, Input(3), Dense(2), MeanSquaredError] public partial class First;
        [Model, Input(5), Dense(2), MeanSquaredError] public partial class Second;
        """;

    [Fact]
    public void Texts_for_reading_begin_with_the_formula_of_their_kernel()
    {
        using var project = new BuiltProject(Two);
        Assert.Equal(0, project.Build());
        var ptx = Directory.GetFiles(project.Options.Texts, "*FirstIlgpu*.sm_80.ptx");
        Assert.NotEmpty(ptx);

        // Joint kernels whose parts have barriers are for CUDA, and their parts for other devices.
        Assert.Contains(ptx, path => path.EndsWith("FirstIlgpu.Dense1.sm_80.ptx", StringComparison.Ordinal) && File.Exists(path.Replace(".sm_80.ptx", ".cl", StringComparison.Ordinal)));
        Assert.Contains(ptx, path => path.EndsWith("FirstIlgpu.LossAndDense1Gradient.sm_80.ptx", StringComparison.Ordinal) && !File.Exists(path.Replace(".sm_80.ptx", ".cl", StringComparison.Ordinal)));
        Assert.Contains(Directory.GetFiles(project.Options.Texts, "*FirstIlgpu.Loss.*"), path => path.EndsWith(".cl", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(project.Options.Texts, "*FirstIlgpu.Loss.*"), path => path.EndsWith(".ptx", StringComparison.Ordinal));

        Assert.All(ptx, path => Assert.Matches(@"^// \S+: \d+ bytes of shared memory\n// \S.* = [^\n]*\n", File.ReadAllText(path)));
        var table = File.ReadAllLines(Path.Combine(project.Options.Texts, "kernels.txt"));
        Assert.Contains(table, line => line.EndsWith("FirstIlgpu.Dense1", StringComparison.Ordinal) && int.Parse(line[..12], System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public void The_same_code_gives_the_same_file()
    {
        using var project = new BuiltProject(Two);
        Assert.Equal(0, project.Build());
        var first = File.ReadAllBytes(project.Options.Output);
        File.Delete(project.Options.Output);
        Assert.Equal(0, project.Build());
        Assert.Equal(first, File.ReadAllBytes(project.Options.Output));
    }

    [Fact]
    public void An_assembly_without_models_has_no_file()
    {
        using var project = new BuiltProject("public static class Nothing;");
        File.WriteAllText(project.Options.Output, "of an earlier build");
        Directory.CreateDirectory(project.Options.Texts);
        File.WriteAllText(Path.Combine(project.Options.Texts, "Net.Relu1.cl"), "of an earlier build");
        Assert.Equal(0, project.Build());
        Assert.False(File.Exists(project.Options.Output));
        Assert.Empty(Directory.EnumerateFiles(project.Options.Texts));
    }

    [Fact]
    public void An_unknown_architecture_is_an_error_that_says_what_is_known()
    {
        using var project = new BuiltProject(Two);
        project.Options = project.Options with { Architectures = ["sm_30"] };
        var message = Assert.Throws<Compiler.KernelError>(() => project.Build()).Message;
        Assert.Contains("'sm_30' in ModelDslGpuArchitectures", message, StringComparison.Ordinal);
        Assert.Contains("sm_50 to sm_90", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if (a[0] > 1f) throw new System.InvalidOperationException();", "MDSLGPU001")]
    [InlineData("ILGPU.SharedMemory.Allocate<float>(20000)[0] = a[0];", "MDSLGPU002: .* it needs 80000 bytes of shared memory, and a group has 49152")]
    public void A_kernel_that_cannot_run_is_an_error_at_its_model_with_its_formula(string body, string error)
    {
        using var project = new BuiltProject(OwnProgram.Source(body), generates: false);
        Assert.Equal(1, project.Build());
        Assert.Matches($@"^\S+Models\.cs\(2\): error {error.Split(':')[0]}: the kernel OwnIlgpu\.Broken \(y\[n\] = broken\(x\[n\]\)\) cannot run on GPUs: {(error.Contains(':', StringComparison.Ordinal) ? error.Split(": .* ")[1] : "ILGPU cannot compile it to PTX: ")}", project.Output);
        Assert.False(File.Exists(project.Options.Output));
    }

    [Theory]
    [InlineData("a[0] = Values.Rate;", "int", "it reads the static field Company.Values.Rate, whose value may differ when the program runs. Use a constant.")]
    [InlineData("a[0] = Values.Rule!.Apply(1f);", "int", "it reads the static field Company.Values.Rule, whose value may differ when the program runs. Use a constant.")]
    [InlineData("", "bool", "arguments of the type System.Boolean have no size that is the same on all devices.")]
    public void Code_whose_meaning_the_build_cannot_know_is_an_error_at_its_model(string body, string parameter, string reason)
    {
        const string Others = """
            internal interface IRule { float Apply(float x); }
            internal static class Values { public static readonly float Rate = System.Environment.ProcessorCount; public static readonly IRule? Rule = null; }
            """;
        using var project = new BuiltProject(OwnProgram.Source(body, Others, parameter: parameter), generates: false);
        Assert.Equal(1, project.Build());
        Assert.Contains($"Models.cs(2): error MDSLGPU002: the kernel OwnIlgpu.Broken (y[n] = broken(x[n])) cannot run on GPUs: {reason}", project.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_has_the_name_in_its_texts_that_the_list_has()
    {
        // ILGPU replaces the letter, and the name then looks like one of those that are numbered.
        using var project = new BuiltProject(OwnProgram.Source("", name: "Layer層1"), generates: false);
        Assert.Equal(0, project.Build());
        using var file = KernelFile.Open(project.Options.Output);
        Assert.All(file.List.Kernels.Values, kernel =>
        {
            Assert.Contains($".entry {kernel.Entry}(", file.Ptx(kernel, file.List.Targets[0]), StringComparison.Ordinal);
            Assert.Contains($"kernel void {kernel.Entry}(", file.OpenCl(kernel), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Texts_in_OpenCL_need_no_extensions()
    {
        using var project = new BuiltProject(Two);
        Assert.Equal(0, project.Build());
        using var file = KernelFile.Open(project.Options.Output);
        Assert.All(file.List.Kernels.Values, kernel => Assert.DoesNotMatch(@"\bdouble\b|#pragma OPENCL EXTENSION", file.OpenCl(kernel)));
    }

    [Fact]
    public void Texts_that_cannot_be_written_are_a_warning()
    {
        using var project = new BuiltProject(Two);
        File.WriteAllText(project.Options.Texts, "a file in place of the folder");
        Assert.Equal(0, project.Build());
        Assert.Contains(".dll: warning MDSLGPU006: the texts of GPU kernels for reading cannot be written: ", project.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(project.Options.Output));
    }
}
