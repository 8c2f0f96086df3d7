using System.Reflection;
using ILGPU;
using ModelDsl.Devices;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Optimizers;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Every kernel this assembly knows: those of its models, of the samples, and the package's own.</summary>
internal static class KernelList
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    public static IReadOnlyDictionary<string, MethodInfo> All { get; } =
        Of(typeof(KernelList).Assembly).Concat(Own()).ToDictionary(pair => pair.Name, pair => pair.Kernel);

    /// <summary>
    /// The names of the kernels that are compiled in this run. Both backends share the front end of ILGPU, where most of the time goes: a developer's run compiles every kernel with one of them, a long one with both.
    /// </summary>
    /// <param name="backend">The number of the backend, 0 or 1.</param>
    public static IEnumerable<string> Tried(int backend)
    {
        string[] names = [.. All.Keys.Order(StringComparer.Ordinal)];
        TestScale.Count("kernels compiled to PTX and to OpenCL", names.Length, TestScale.IsFast ? names.Length : 2 * names.Length);
        return names.Where((_, number) => !TestScale.IsFast || number % 2 == backend);
    }

    /// <summary>The kernels of an assembly's models.</summary>
    public static IEnumerable<(string Name, MethodInfo Kernel)> Of(Assembly assembly) =>
        from program in assembly.GetTypes()
        where program.IsSubclassOf(typeof(IlgpuProgram))
        from method in program.GetMethods(Statics)
        let parameters = method.GetParameters()
        where parameters.Length > 0 && parameters[0].ParameterType.Name.StartsWith("ArrayView", StringComparison.Ordinal) && !method.Name.EndsWith("Finish", StringComparison.Ordinal)
        select ($"{program.Name}.{method.Name}", method);

    private static IEnumerable<(string Name, MethodInfo Kernel)> Own()
    {
        var update = typeof(UpdateKernel).GetMethod(nameof(UpdateKernel.Update))!;
        foreach (var pass in typeof(IUpdateRule).Assembly.GetTypes().Where(type => type.IsValueType && typeof(IUpdateRule).IsAssignableFrom(type)))
            yield return ($"Update.{pass.FullName}", update.MakeGenericMethod(pass));
        yield return ("GradientSum.AddWeighted", typeof(IlgpuGradientSum).GetMethod(nameof(IlgpuGradientSum.AddWeighted), Statics)!);
        yield return ("GradientSum.Divide", typeof(IlgpuGradientSum).GetMethod(nameof(IlgpuGradientSum.Divide), Statics)!);
        yield return ("GradientNorm.Squares", typeof(GradientNorm).GetMethod("Squares", Statics)!);
    }
}
