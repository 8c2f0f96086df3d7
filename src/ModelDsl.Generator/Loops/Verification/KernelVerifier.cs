using System.Diagnostics;

namespace ModelDsl.Generator.Loops.Verification;

/// <summary>
/// Checks kernels before they are written as text: that symbols are declared before they are used and have the right kinds, that the loops of sums are efficient, that accesses
/// are within their buffers, and that no element has two writers. It runs in Debug builds of the generator, and in tests over many models.
/// </summary>
internal static class KernelVerifier
{
    /// <summary>The batch sizes for which accesses are checked, if a launch runs for them.</summary>
    private static readonly int[] Batches = [1, 3, 40];

    /// <summary>Throws if a launch has a mistake, in Debug builds of the generator.</summary>
    /// <exception cref="InvalidOperationException">The kernel is wrong. The message says why.</exception>
    [Conditional("DEBUG")]
    public static void Check(Launch launch)
    {
        if (Mistakes(launch).FirstOrDefault() is { } mistake) throw new InvalidOperationException(mistake);
    }

    /// <summary>The mistakes of a launch, each as a sentence that names the kernel. Only certain mistakes are reported.</summary>
    public static IEnumerable<string> Mistakes(Launch launch)
    {
        var isFound = false;
        foreach (var mistake in launch.Kernel.Tiles.Prepend(launch.Kernel.Main).SelectMany(function => Mistakes(launch.Kernel, function)))
        {
            isFound = true;
            yield return mistake;
        }

        // Programs that are not well formed cannot be evaluated.
        if (isFound) yield break;
        foreach (var n in BatchesOf(launch))
        {
            foreach (var mistake in new SampledRun(launch, n).Mistakes()) yield return mistake;
        }
    }

    /// <summary>The accesses of a launch that are not proven to be within their buffers, each as a sentence.</summary>
    public static IEnumerable<string> Unproven(Launch launch) => BatchesOf(launch).SelectMany(n => new AccessProofs(launch, n).Unproven());

    private static IEnumerable<string> Mistakes(Kernel kernel, Function function) =>
        ScopeCheck.Mistakes(kernel, function).Concat(kernel.Partition is ThreadGroups ? [] : SumCheck.Mistakes(function)).Select(mistake => $"{function.Name}: {mistake}");

    private static int[] BatchesOf(Launch launch)
    {
        // In a loop over blocks of rows, a kernel receives the number of rows of a block.
        if (launch.Loop is { } loop) return [.. Batches.Select(n => Math.Min(n, loop.BlockRows)).Distinct()];
        var fitting = Batches.Where(n => n >= launch.When.From && (launch.When.Below is null || n < launch.When.Below)).ToArray();
        return fitting.Length > 0 ? fitting : [launch.When.From];
    }
}
