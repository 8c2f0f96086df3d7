using System.Reflection;
using ModelDsl.Devices;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>The kernels of this assembly: those of optimizers and of sums of gradients.</summary>
internal static class OwnKernels
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    /// <summary>Returns all of them.</summary>
    public static IEnumerable<MethodInfo> All()
    {
        foreach (var rule in typeof(IUpdateRule).Assembly.GetTypes().Where(static type => type.IsValueType && typeof(IUpdateRule).IsAssignableFrom(type)))
            yield return UpdateOf(rule);
        yield return Method(typeof(LambKernels), nameof(LambKernels.Average));
        yield return Method(typeof(LambKernels), nameof(LambKernels.Update));
        yield return Method(typeof(IlgpuGradientSum), nameof(IlgpuGradientSum.AddWeighted));
        yield return Method(typeof(IlgpuGradientSum), nameof(IlgpuGradientSum.Divide));
        yield return Method(typeof(GradientNorm), nameof(GradientNorm.Squares));
    }

    /// <summary>The kernel of an update rule.</summary>
    public static MethodInfo UpdateOf(Type rule) => Method(typeof(UpdateKernel), nameof(UpdateKernel.Update)).MakeGenericMethod(rule);

    private static MethodInfo Method(Type type, string name) => type.GetMethod(name, Statics)!;
}
