using System.Reflection;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Ilgpu.Compiler.Kernels;
using ModelDsl.Ilgpu.Kernels;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Every kernel this assembly knows: those of its models, of the samples, and the package's own.</summary>
internal static class KnownKernels
{
    public static IReadOnlyDictionary<string, MethodInfo> All { get; } =
        Of(typeof(KnownKernels).Assembly).Concat(OwnKernels.All().Select(static kernel => (KernelNames.Short(kernel), kernel))).ToDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>
    /// The names of the kernels that are compiled in this run. Both backends share the front end of ILGPU, where most of the time goes: the fast tier compiles every second kernel with one of them, the standard tier every kernel
    /// with one, and the long tier every kernel with both.
    /// </summary>
    /// <param name="backend">The number of the backend, 0 or 1.</param>
    public static IEnumerable<string> Tried(int backend)
    {
        string[] names = [.. All.Keys.Order(StringComparer.Ordinal)];
        TestScale.Count("kernels compiled to PTX and to OpenCL", names.Length / 2, TestScale.IsFast ? names.Length / 2 : TestScale.IsLong ? 2 * names.Length : names.Length);
        return names.Where((name, number) => IsFor(All[name], backend) && (TestScale.IsLong || (TestScale.IsFast ? number % 4 == 2 * backend : number % 2 == backend)));
    }

    /// <summary>Whether a kernel is launched on devices of a backend. Joint kernels whose parts have barriers are for CUDA only, and their parts as kernels of their own for other devices.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="backend">The number of the backend: 0 for PTX, 1 for OpenCL C.</param>
    public static bool IsFor(MethodInfo kernel, int backend) => kernel.GetCustomAttribute<ForCudaAttribute>()?.IsUsed is not { } isUsed || isUsed == (backend == 0);

    /// <summary>The kernels of an assembly's models.</summary>
    public static IEnumerable<(string Name, MethodInfo Kernel)> Of(Assembly assembly) => LaunchedKernels.Of(assembly).Select(static kernel => (KernelNames.Short(kernel), kernel));
}
