using System.Reflection;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>What CUDA's assembler makes of the kernels: their values stay in registers, and a multiprocessor has room for enough threads of them.</summary>
public class PtxasTests
{
    /// <summary>Kernels of one test: each takes the assembler a moment.</summary>
    private const int Together = 40;

    /// <summary>
    /// A multiprocessor has 65,536 registers: with so many per thread two groups of 256 threads run on it side by side. The assembler keeps to it, and spills
    /// what has no room.
    /// </summary>
    private const int MostRegisters = 128;

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

    /// <summary>All failures at once.</summary>
    private static void Check(IEnumerable<(string Name, MethodInfo Kernel)> kernels)
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
                    if (usage.LocalBytes > 0 || usage.Registers > MostRegisters || usage.SharedBytes > MostSharedBytes)
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
