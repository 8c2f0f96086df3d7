using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>Names of kernels for tables.</summary>
internal static class KernelItems
{
    /// <summary>The name without the assembly and the namespace.</summary>
    public static string ShortName(KernelItem kernel)
    {
        var end = kernel.Name.IndexOf('[', StringComparison.Ordinal);
        var start = kernel.Name.LastIndexOf('.', (end < 0 ? kernel.Name.Length : end) - 1);
        return kernel.Name[(start + 1)..];
    }
}
