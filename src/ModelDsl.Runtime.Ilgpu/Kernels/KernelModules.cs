using System.Reflection;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>The assemblies whose code is in the kernels of a program.</summary>
internal static class KernelModules
{
    /// <summary>The assembly with the functions of kernels, and that with the rules of optimizers.</summary>
    public static IReadOnlyList<Assembly> OfPackages { get; } = [typeof(KernelModules).Assembly, typeof(Model).Assembly];

    /// <summary>Returns the assembly with the programs, and those of the packages.</summary>
    public static IReadOnlyList<Assembly> Of(Assembly programs) => [.. OfPackages.Prepend(programs).Distinct()];
}
