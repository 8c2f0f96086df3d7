using System.Reflection;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>The assemblies whose code is in the kernels of a program.</summary>
internal static class KernelModules
{
    /// <summary>Returns the assembly with the programs, that with the functions of kernels, and that with the rules of optimizers.</summary>
    public static IReadOnlyList<Assembly> Of(Assembly programs) => [.. new[] { programs, typeof(KernelModules).Assembly, typeof(Model).Assembly }.Distinct()];
}
