using System.Reflection;
using ModelDsl.Ilgpu.Compiler.Backends;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Output;

/// <summary>A kernel that was compiled.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Code">Its code.</param>
/// <param name="IsNew">Whether it was compiled in this run.</param>
internal sealed record KernelResult(MethodInfo Method, string Hash, KernelCode Code, bool IsNew)
{
    /// <summary>The entry of the list.</summary>
    public KernelItem Item { get; } = new(KernelNames.Of(Method), Hash, Code.Entry, KernelNames.File(Method), Code.SharedBytes, Sums(Code));

    private static Dictionary<string, string> Sums(KernelCode code)
    {
        var sums = code.Ptx.ToDictionary(static text => text.Key, static text => KernelFile.Sum(text.Value));
        if (code.OpenCl is { } openCl)
            sums.Add(KernelFile.OpenClName, KernelFile.Sum(openCl));
        return sums;
    }
}
