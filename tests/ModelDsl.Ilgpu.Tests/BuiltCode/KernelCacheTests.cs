using ModelDsl.Ilgpu.Compiler.Kernels;
using ModelDsl.Ilgpu.Compiler.Output;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>Which kernels a build takes from the file of the last one.</summary>
public sealed class KernelCacheTests
{
    private const string Two = """
        namespace Company;
        [Model, Input(3), Dense(2), MeanSquaredError] public partial class First;
        [Model, Input(5), Dense(2), MeanSquaredError] public partial class Second;
        """;

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
    public void Another_compiler_or_another_version_of_the_packages_compiles_everything_again()
    {
        using var project = new BuiltProject(Two);
        project.Rewrite(static list => list with { Compiler = Guid.NewGuid() });
        Assert.Equal(0, project.Build());
        Assert.Matches(@"^ModelDsl: (\d+) of \1 GPU kernels compiled", project.Output);
        foreach (var assembly in KernelModules.OfPackages)
        {
            project.Rewrite(list => list with { Modules = list.Modules.ToDictionary(static module => module.Key, module => module.Key == assembly.GetName().Name ? Guid.NewGuid() : module.Value) });
            Assert.Equal(0, project.Build());
            Assert.Matches(@"^ModelDsl: (\d+) of \1 GPU kernels compiled", project.Output);
        }
    }

    [Fact]
    public void A_damaged_text_is_compiled_again()
    {
        using var project = new BuiltProject(Two);
        Assert.Equal(0, project.Build());
        var first = File.ReadAllBytes(project.Options.Output);
        project.Damage(static name => name.EndsWith("FirstIlgpu.Dense1.ptx", StringComparison.Ordinal));
        Assert.Equal(0, project.Build());
        Assert.Matches(@"^ModelDsl: 1 of \d+ GPU kernels compiled", project.Output);
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

        static ILookup<string, string> Hashes(BuiltProject project) => LaunchedKernels.Of(project.Assembly)
            .ToLookup(static kernel => kernel.DeclaringType!.Name.Replace("Ilgpu", "", StringComparison.Ordinal), static kernel => $"{kernel.Name} {KernelHash.Of(kernel)}");
    }

    [Fact]
    public void Registers_are_counted_again_only_for_texts_that_have_changed()
    {
        using var project = new BuiltProject(Two);
        Assert.Equal(0, project.Build());
        var table = Path.Combine(project.Options.Texts, ReadableTexts.Table);
        var rows = project.Kernels().Select(static name => new KernelRow(name, 0, 777)).ToArray();
        KernelTable.Write(table, rows);
        File.AppendAllText(Directory.GetFiles(project.Options.Texts, "*FirstIlgpu.Dense1.sm_80.ptx").Single(), "changed");
        Assert.Equal(0, project.Build());
        Assert.Equal(Directory.GetFiles(project.Options.Texts, "*.sm_80.ptx").Length - 1, KernelTable.Read(table).Values.Count(static registers => registers == 777));
    }

    [Theory]
    [InlineData("x * 2f", "x", "x * 3f", "x")]
    [InlineData("x", "x * 2f", "x", "x * 3f")]
    public void A_hash_covers_the_methods_that_a_structure_has_for_an_interface(string own, string common, string otherOwn, string otherCommon)
    {
        Assert.NotEqual(Hash(own, common), Hash(otherOwn, otherCommon));
        Assert.Equal(Hash(own, common), Hash(own, common));

        static string Hash(string own, string common)
        {
            var types = $$"""
                internal interface IRule { T Apply<T>(T x, float y) where T : struct; float Own(float x); static abstract float Common(float x); }
                internal readonly struct Rule : IRule { public T Apply<T>(T x, float y) where T : struct => x; public float Own(float x) => {{own}}; public static float Common(float x) => {{common}}; }
                internal static class Rules { public static float Of<TRule>(TRule rule, float x) where TRule : struct, IRule => TRule.Common(rule.Apply(rule.Own(x), 1f)); }
                """;
            using var project = new BuiltProject(OwnProgram.Source("a[0] = Rules.Of(default(Rule), a[0]);", types), generates: false);
            return KernelHash.Of(Assert.Single(LaunchedKernels.Of(project.Assembly)));
        }
    }
}
