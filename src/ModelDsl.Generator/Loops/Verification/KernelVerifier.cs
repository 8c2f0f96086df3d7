using System.Diagnostics;

namespace ModelDsl.Generator.Loops.Verification;

/// <summary>
/// Checks kernels before they become text: that symbols are declared where they are used and have the right kinds, that sums are plain, that accesses are within their
/// buffers, and that no element has two writers. It runs in Debug builds of the generator, and in tests over many models.
/// </summary>
internal static class KernelVerifier
{
    /// <summary>Batch sizes for which accesses are checked, as far as a launch runs for them.</summary>
    private static readonly int[] Batches = [1, 3, 40];

    /// <summary>Fails where a launch has a mistake, in Debug builds of the generator.</summary>
    /// <exception cref="InvalidOperationException">The kernel is wrong; the message names what is.</exception>
    [Conditional("DEBUG")]
    public static void Check(Launch launch)
    {
        if (Mistakes(launch).FirstOrDefault() is { } mistake) throw new InvalidOperationException(mistake);
    }

    /// <summary>The mistakes of a launch, each as a sentence that names the kernel: nothing that is not certainly wrong.</summary>
    public static IEnumerable<string> Mistakes(Launch launch)
    {
        var isFound = false;
        foreach (var mistake in launch.Kernel.Tiles.Prepend(launch.Kernel.Main).SelectMany(function => Mistakes(launch.Kernel, function)))
        {
            isFound = true;
            yield return mistake;
        }

        // Programs that are not well formed cannot be run.
        if (isFound) yield break;
        foreach (var n in BatchesOf(launch))
        {
            foreach (var mistake in new SampledRun(launch, n).Mistakes()) yield return mistake;
        }
    }

    /// <summary>Accesses of a launch that are not proven to be within their buffers, each as a sentence.</summary>
    public static IEnumerable<string> Unproven(Launch launch) => BatchesOf(launch).SelectMany(n => new AccessProofs(launch, n).Unproven());

    private static IEnumerable<string> Mistakes(Kernel kernel, Function function) =>
        ScopeCheck.Mistakes(kernel, function).Concat(kernel.Partition is ThreadGroups ? [] : SumCheck.Mistakes(function)).Select(mistake => $"{function.Name}: {mistake}");

    private static int[] BatchesOf(Launch launch)
    {
        var fitting = Batches.Where(n => n >= launch.When.From && (launch.When.Below is null || n < launch.When.Below)).ToArray();
        return fitting.Length > 0 ? fitting : [launch.When.From];
    }
}
