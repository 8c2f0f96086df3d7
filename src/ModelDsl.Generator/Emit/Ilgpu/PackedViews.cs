using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>
/// ILGPU launches kernels with at most fourteen arguments. The views of a kernel that needs more are arguments as far as they fit; the others
/// travel in a structure.
/// </summary>
internal static class PackedViews
{
    private const int MostArguments = 14;

    /// <summary>The parameter that holds the structure.</summary>
    public const string Parameter = "others";

    /// <summary>How many of a kernel's buffers are arguments of their own.</summary>
    public static int Direct(Function kernel)
    {
        var others = kernel.Integers.Count + (kernel.IsRandom ? 2 : 0);
        return kernel.Buffers.Count + others <= MostArguments ? kernel.Buffers.Count : MostArguments - others - 1;
    }

    /// <summary>The structure's name: it stands beside the program, because ILGPU's launchers have to see it.</summary>
    public static string StructOf(string program, Function kernel) => program + kernel.Name + "Views";

    /// <summary>The field of a buffer.</summary>
    public static string Field(BufferParameter buffer) => Names.Pascal(buffer.Buffer.Name);
}
