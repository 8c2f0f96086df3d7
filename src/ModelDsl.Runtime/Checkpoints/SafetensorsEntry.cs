namespace ModelDsl.Checkpoints;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type as the file calls it, such as <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where they end.</param>
public sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Whether its values can be read as floats: F32, F64, F16 or BF16.</summary>
    public bool IsFloat => Type is "F32" or "F64" or "F16" or "BF16";

    /// <summary>Whether its values are 64-bit integers, the type of PyTorch's counters.</summary>
    internal bool IsCounter => Type is "I64";

    /// <summary>Bytes per element of a type, or 0 for one this library does not know.</summary>
    /// <param name="type">The type as the file calls it.</param>
    internal static int SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => 0,
    };
}
