using System.Reflection;
using System.Reflection.Emit;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Kernels;

/// <summary>Finds the kernels of an assembly: the static methods of programs whose address is taken by a method that launches them.</summary>
internal static class LaunchedKernels
{
    private const BindingFlags Steps = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Returns the kernels of all programs.</summary>
    public static IReadOnlyList<MethodInfo> Of(Assembly assembly) =>
        [.. ProjectAssemblies.TypesOf(assembly).Where(static type => type.IsSubclassOf(typeof(IlgpuProgram))).SelectMany(OfProgram)];

    private static IEnumerable<MethodInfo> OfProgram(Type program) => program.GetMethods(Steps).SelectMany(OfStep).Distinct().OrderBy(static kernel => kernel.Name, StringComparer.Ordinal);

    private static IEnumerable<MethodInfo> OfStep(MethodInfo step) =>
        from instruction in step.GetMethodBody()?.GetILAsByteArray() is { } il ? Instructions.Of(il).Where(static instruction => instruction.Code == OpCodes.Ldftn).Select(instruction => Instructions.Token(il, instruction)) : []
        let method = step.Module.ResolveMethod(instruction) as MethodInfo
        where method is { IsStatic: true } && method.DeclaringType == step.DeclaringType
        select method;
}
