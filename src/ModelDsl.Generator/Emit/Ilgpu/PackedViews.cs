using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>
/// Packs views into a structure. ILGPU launches kernels with at most fourteen arguments. If a kernel needs more, as many views as possible are separate arguments, and the
/// structure contains the others.
/// </summary>
internal static class PackedViews
{
    private const int MostArguments = 14;

    /// <summary>The parameter for the structure.</summary>
    public const string Parameter = "others";

    /// <summary>The number of a kernel's buffers that are separate arguments.</summary>
    public static int Direct(Function kernel)
    {
        var others = kernel.Integers.Count + (kernel.IsRandom ? 2 : 0);
        return kernel.Buffers.Count + others <= MostArguments ? kernel.Buffers.Count : MostArguments - others - 1;
    }

    /// <summary>The name of the structure. It is declared outside the class of the program, because ILGPU's launchers must be able to access it.</summary>
    public static string StructOf(string program, Function kernel) => program + kernel.Name + "Views";

    /// <summary>The field of a buffer.</summary>
    public static string Field(BufferParameter buffer) => Names.Pascal(buffer.Buffer.Name);
}
