using System.Reflection;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>What CUDA's assembler makes of the kernels: their values stay in registers, and a multiprocessor has room for enough threads of them.</summary>
public class PtxasTests
{
    /// <summary>Kernels of one test: each takes the assembler a moment.</summary>
    private const int Together = 40;

    /// <summary>A multiprocessor has 65,536 registers: with so many per thread a group of 256 threads runs on it, and much room is left.</summary>
    private const int MostRegisters = 192;

    /// <summary>With this number of registers two such groups run at the same time. It is the limit for products without epilogues.</summary>
    private const int MostRegistersOfProducts = 128;

    /// <summary>The shared memory that every device provides to a group by default.</summary>
    private const int MostSharedBytes = 48 * 1024;

    private static readonly string[] Known = [.. KnownKernels.All.Keys.Where(static name => KnownKernels.IsFor(KnownKernels.All[name], 0)).Order(StringComparer.Ordinal)];

    public static TheoryData<int> Chunks => [.. Enumerable.Range(0, (Known.Length + Together - 1) / Together)];

    [PtxasTheory]
    [MemberData(nameof(Chunks))]
    public void Kernels_stay_in_registers(int chunk) => Check(Known.Skip(chunk * Together).Take(Together).Select(name => (name, KnownKernels.All[name])));

    [PtxasTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Kernels_of_the_corpus_stay_in_registers(int share) => Check(CorpusKernels.OfShare(share).Kernels.Where(kernel => KnownKernels.IsFor(kernel.Value, 0)).Select(kernel => (kernel.Key, kernel.Value)));

    [PtxasTheory]
    [InlineData("LargeIlgpu.Relu1")]
    [InlineData("LargeIlgpu.Relu1Wide")]
    [InlineData("LargeIlgpu.Dense1GradientWide")]
    [InlineData("LargeWeightIlgpu.Dense1WeightGradientWide")]
    [InlineData("LargeRoundedIlgpu.Relu1Tf32")]
    [InlineData("LargeRoundedIlgpu.Relu1Tf32Wide")]
    public void Two_groups_of_a_product_run_side_by_side(string name) => Check([(name, KnownKernels.All[name])], MostRegistersOfProducts);

    /// <summary>All failures at once. The assembler is a program of its own: as many run side by side as there are cores.</summary>
    private static void Check(IEnumerable<(string Name, MethodInfo Kernel)> kernels, int mostRegisters = MostRegisters)
    {
        var failures = kernels.AsParallel().SelectMany(kernel =>
            Ptxas.Architectures.Select(architecture => (Found: Failure(KernelCompiler.ToPtx(kernel.Kernel), architecture, mostRegisters), Where: $"{kernel.Name} for {architecture}")))
            .Where(failure => failure.Found is not null).Select(failure => $"{failure.Where}: {failure.Found}").ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static string? Failure(string ptx, string architecture, int mostRegisters)
    {
        try
        {
            var usage = Ptxas.Assemble(ptx, architecture);
            return usage.LocalBytes > 0 || usage.Registers > mostRegisters || usage.SharedBytes > MostSharedBytes ? usage.ToString() : null;
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    }
}
