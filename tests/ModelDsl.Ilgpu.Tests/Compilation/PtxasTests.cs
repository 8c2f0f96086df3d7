using System.Reflection;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>What CUDA's assembler makes of the kernels: their values stay in registers, and a multiprocessor has room for enough threads of them.</summary>
public class PtxasTests
{
    /// <summary>Kernels of one test: each takes the assembler a moment.</summary>
    private const int Together = 40;

    /// <summary>A multiprocessor has 65,536 registers: with so many per thread a group of 256 threads runs on it, and much room is left.</summary>
    private const int MostRegisters = 192;

    /// <summary>With so many two such groups run side by side: what products have to keep to that have no functions behind them.</summary>
    private const int MostRegistersOfProducts = 128;

    /// <summary>What every device gives a group without being asked.</summary>
    private const int MostSharedBytes = 48 * 1024;

    private static readonly string[] Known = [.. KernelList.All.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<int> Chunks => [.. Enumerable.Range(0, (Known.Length + Together - 1) / Together)];

    [PtxasTheory]
    [MemberData(nameof(Chunks))]
    public void Kernels_stay_in_registers(int chunk) => Check(Known.Skip(chunk * Together).Take(Together).Select(name => (name, KernelList.All[name])));

    [PtxasTheory]
    [InlineData(40)]
    public void Kernels_of_random_models_stay_in_registers(int first) => Check(RandomKernels.Of(first, 8));

    [PtxasTheory]
    [InlineData("LargeIlgpu.Relu1")]
    [InlineData("LargeIlgpu.Relu1Wide")]
    [InlineData("LargeIlgpu.Dense1GradientWide")]
    [InlineData("LargeIlgpu.Dense1WeightGradientWide")]
    [InlineData("LargeRoundedIlgpu.Relu1Tf32")]
    [InlineData("LargeRoundedIlgpu.Relu1Tf32Wide")]
    public void Two_groups_of_a_product_run_side_by_side(string name) => Check([(name, KernelList.All[name])], MostRegistersOfProducts);

    /// <summary>All failures at once.</summary>
    private static void Check(IEnumerable<(string Name, MethodInfo Kernel)> kernels, int mostRegisters = MostRegisters)
    {
        var failures = new List<string>();
        foreach (var (name, kernel) in kernels)
        {
            var ptx = KernelCompiler.ToPtx(kernel);
            foreach (var architecture in Ptxas.Architectures)
            {
                try
                {
                    var usage = Ptxas.Assemble(ptx, architecture);
                    if (usage.LocalBytes > 0 || usage.Registers > mostRegisters || usage.SharedBytes > MostSharedBytes)
                        failures.Add($"{name} for {architecture}: {usage}");
                }
                catch (InvalidOperationException refused)
                {
                    failures.Add($"{name} for {architecture}: {refused.Message}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
