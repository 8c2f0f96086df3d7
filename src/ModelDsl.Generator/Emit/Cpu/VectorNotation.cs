namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// How kernels write vectors. Kernels that are the same for every register width are generic over <c>IVector16</c>, whose values are logical vectors of sixteen lanes. Register
/// tiles use the registers of one width: an optimizing JIT compiler takes a third of the time for them, and one that does not optimize makes no calls.
/// </summary>
internal sealed record VectorNotation
{
    /// <summary>The type parameter of programs for every width.</summary>
    public const string TypeParameter = "TVector";

    /// <summary>The interface that the type parameter implements.</summary>
    public const string Interface = "ModelDsl.Compiled.IVector16";

    /// <summary>The class of the elementary functions.</summary>
    public const string Functions = "VectorMath";

    private readonly int bits;

    private VectorNotation(int bits) => this.bits = bits;

    /// <summary>Values of a type parameter, for every register width.</summary>
    public static VectorNotation Generic { get; } = new(0) { Vector = TypeParameter, Lanes = TypeParameter, Width = Loops.Value.Lanes };

    /// <summary>Registers of a width.</summary>
    /// <param name="bits">The width: 512, 256 or 128.</param>
    public static VectorNotation Registers(int bits) => new(bits) { Vector = $"Vector{bits}", Lanes = $"Lanes{bits}", Width = bits / 32 };

    /// <summary>One register of a width, regardless of the lanes of a vector: for functions that are called for each register.</summary>
    /// <param name="bits">The width: 512, 256 or 128.</param>
    public static VectorNotation Register(int bits) => Registers(bits) with { IsSingle = true };

    /// <summary>The runtime's type for sixteen floats in registers of a width.</summary>
    /// <param name="bits">The width: 512, 256 or 128.</param>
    public static string Sixteen(int bits) => $"Vector16In{bits}";

    /// <summary>The class, or the type parameter, whose methods make vectors.</summary>
    public string Vector { get; private init; } = "";

    /// <summary>The class or type parameter that loads, stores and combines some lanes.</summary>
    public string Lanes { get; private init; } = "";

    /// <summary>The number of lanes of a vector.</summary>
    public int Width { get; private init; }

    /// <summary>Whether only one register is written.</summary>
    public bool IsSingle { get; private init; }

    /// <summary>The type of a vector.</summary>
    public string Type => IsGeneric ? Vector : $"{Vector}<float>";

    /// <summary>The runtime's type for sixteen floats in these registers.</summary>
    public string SixteenType => IsGeneric ? Vector : Sixteen(bits);

    private bool IsGeneric => bits == 0;

    /// <summary>Zero in all lanes.</summary>
    public string Zero => IsGeneric ? $"{Vector}.Zero" : $"{Vector}<float>.Zero";

    /// <summary>
    /// The function that multiplies and adds with one rounding. Processors with 256-bit registers have an instruction for it. The portable kernels must also work without one.
    /// </summary>
    public string MultiplyAdd => bits switch
    {
        0 => $"{Vector}.MultiplyAdd",
        128 => $"{Lanes}.MultiplyAdd",
        _ => $"{Vector}.FusedMultiplyAdd",
    };

    /// <summary>The same for single numbers.</summary>
    public string ScalarMultiplyAdd => bits is 0 or 128 ? $"{Lanes}.MultiplyAdd" : "MathF.FusedMultiplyAdd";

    /// <summary>The function that selects lanes by a mask.</summary>
    public string Select => IsGeneric ? $"{Vector}.Select" : $"{Vector}.ConditionalSelect";

    /// <summary>The function that compares lanes for equality.</summary>
    public string EqualTo => IsGeneric ? $"{Vector}.Equal" : $"{Vector}.Equals";

    /// <summary>The call of an elementary function.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">Vectors.</param>
    public string Function(string function, IEnumerable<string> arguments) => IsGeneric
        ? $"{Functions}.{function}({string.Join(", ", arguments)})"
        : $"({Vector}<float>){Functions}.{function}({string.Join(", ", arguments.Select(argument => $"({Sixteen(bits)})({argument})"))})";

    /// <summary>The number in the first lane of a vector.</summary>
    /// <param name="vector">The vector.</param>
    public string First(string vector) => IsGeneric ? $"{Vector}.First({vector})" : $"({vector}).ToScalar()";
}
