namespace ModelDsl.Checkpoints;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Name">The name of the tensor.</param>
/// <param name="Type">The element type as in the file, such as <c>F32</c>.</param>
/// <param name="Shape">The shape of the tensor.</param>
/// <param name="Begin">The offset of its first byte, from the end of the header.</param>
/// <param name="End">The offset after its last byte.</param>
public sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Whether the values can be read as floats: F32, F64, F16 or BF16.</summary>
    public bool IsFloat => Type is "F32" or "F64" or "F16" or "BF16";

    /// <summary>Whether the values are 64-bit integers, the type of PyTorch's counters.</summary>
    internal bool IsCounter => Type is "I64";

    /// <summary>Returns the number of bytes per element of a type, or 0 for an unknown type.</summary>
    /// <param name="type">The type as in the file.</param>
    internal static int SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => 0,
    };
}
