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
        Assert.Equal(ptx.Length, Directory.GetFiles(project.Options.Texts, "*FirstIlgpu*.cl").Length);
        Assert.All(ptx, path => Assert.Matches(@"^// \S+: \d+ bytes of shared memory\n// \S.* = [^\n]*\n", File.ReadAllText(path)));
        var table = File.ReadAllLines(Path.Combine(project.Options.Texts, "kernels.txt"));
        Assert.Contains(table, line => line.EndsWith("FirstIlgpu.Dense1", StringComparison.Ordinal) && int.Parse(line[..12], System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public void A_kernel_that_has_not_changed_is_not_compiled_again()
    {
        using var project = new BuiltProject(Two);
        Assert.Equal(0, project.Build());
        var first = File.ReadAllBytes(project.Options.Output);
        Assert.Matches(@"^ModelDsl: (\d+) of \1 GPU kernels compiled", project.Output);
        Assert.Equal(0, project.Build());
        Assert.Matches(@"^ModelDsl: 0 of \d+ GPU kernels compiled", project.Output);
        Assert.Equal(first, File.ReadAllBytes(project.Options.Output));
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
    public void A_change_of_one_model_leaves_the_hashes_of_the_other()
    {
        using var project = new BuiltProject(Two);
        using var changed = new BuiltProject(Two.Replace("Input(5)", "Input(7)", StringComparison.Ordinal));
        var (before, after) = (Hashes(project), Hashes(changed));
        Assert.NotEmpty(before["First"]);
        Assert.Equal(before["First"], after["First"]);
        Assert.NotEqual(before["Second"], after["Second"]);

        static ILookup<string, string> Hashes(BuiltProject project) => Compiler.Kernels.LaunchedKernels.Of(project.Assembly)
            .ToLookup(static kernel => kernel.DeclaringType!.Name.Replace("Ilgpu", "", StringComparison.Ordinal), static kernel => $"{kernel.Name} {KernelHash.Of(kernel)}");
    }

    [Fact]
    public void An_assembly_without_models_has_no_file()
    {
        using var project = new BuiltProject("public static class Nothing;");
        File.WriteAllText(project.Options.Output, "of an earlier build");
        Assert.Equal(0, project.Build());
        Assert.False(File.Exists(project.Options.Output));
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
        const string Model = "public sealed class Own;\n";
        using var project = new BuiltProject("\n" + Model + $$"""
            namespace Company
            {
                using ILGPU;
                using ModelDsl.Compiled;
                using ModelDsl.Ilgpu.Compiled;
                internal sealed class OwnIlgpu : IlgpuProgram
                {
                    public override PlanDescription Inference => PlanDescription.None;
                    public override OutputOffsets[] Outputs => [];
                    public override void Infer(in DeviceStep step, InferParts parts) => step.Kernels.Load<ArrayView<float>>(Broken)(new KernelConfig(1, 1), step.Fixed(0, 1));

                    /// <summary>y[n] = broken(x[n])</summary>
                    private static void Broken(ArrayView<float> a)
                    {
                        {{body}}
                        a[0] = 1f;
                    }
                }
            }
            """, generates: false);
        Assert.Equal(1, project.Build());
        Assert.Matches($@"^\S+Models\.cs\(2\): error {error.Split(':')[0]}: the kernel OwnIlgpu\.Broken \(y\[n\] = broken\(x\[n\]\)\) cannot run on GPUs: {(error.Contains(':', StringComparison.Ordinal) ? error.Split(": .* ")[1] : "ILGPU cannot compile it to PTX: ")}", project.Output);
        Assert.False(File.Exists(project.Options.Output));
    }
}
