using ModelDsl.Generator.Loops;
using Buffer = ModelDsl.Generator.Loops.Buffer;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Writes values as C# expressions. A logical vector is one value of the notation, or two or four registers with an expression each.</summary>
/// <param name="notation">The notation of vectors.</param>
/// <param name="callsTemplates">Whether calls of functions with templates are calls of instances of the templates.</param>
internal sealed class ValueRenderer(VectorNotation notation, bool callsTemplates)
{
    private readonly Dictionary<Local, int> declaredParts = [];
    private readonly HashSet<Local> uniform = [];
    private readonly List<PartRenderer> parts = [];
    private SymbolNames names = null!;
    private CpuScalarRenderer scalars = null!;

    /// <summary>The notation of vectors.</summary>
    public VectorNotation Notation { get; } = notation;

    /// <summary>Whether calls of functions with templates are calls of instances of the templates.</summary>
    public bool CallsTemplates { get; } = callsTemplates;

    /// <summary>The class or type parameter that creates vectors.</summary>
    public string Vector => Notation.Vector;

    /// <summary>The class or type parameter that loads and stores some lanes.</summary>
    public string Lanes => Notation.Lanes;

    /// <summary>The number of lanes of a register.</summary>
    public int Width => Notation.Width;

    /// <summary>The number of registers for a number of lanes.</summary>
    public int PartsFor(int lanes) => Notation.IsSingle ? 1 : (lanes + Width - 1) / Width;

    /// <summary>Begins a method.</summary>
    /// <param name="ofMethod">The names of its symbols.</param>
    public void Begin(SymbolNames ofMethod)
    {
        names = ofMethod;
        scalars = new CpuScalarRenderer(this, ofMethod);
        declaredParts.Clear();
        uniform.Clear();
        parts.Clear();
        for (var part = 0; part < PartsFor(Value.Lanes); part++) parts.Add(new PartRenderer(this, ofMethod, part));
    }

    /// <summary>Records that a vector is held in a number of registers.</summary>
    public void DeclareParts(Local local, int count) => declaredParts[local] = count;

    /// <summary>Records that one register represents all parts of a vector, because its lanes are equal.</summary>
    public void DeclareUniform(Local local) => uniform.Add(local);

    /// <summary>Whether a register holds the part of a vector. If not, its lanes are zero.</summary>
    public bool IsHeld(Local local, int part) => !declaredParts.TryGetValue(local, out var count) || part < count;

    /// <summary>The name of a variable or of an element of a tile.</summary>
    public string Name(Local local) => local is TileElement element ? names.Of(element) : names[(Variable)local];

    /// <summary>The register that holds a part of a vector.</summary>
    public string Register(Local local, int part) => uniform.Contains(local) ? Name(local) : PartName(Name(local), part);

    /// <summary>The name of a register of a vector.</summary>
    public string PartName(string name, int part) => Width == Value.Lanes || Notation.IsSingle ? name : $"{name}_{(char)('a' + part)}";

    /// <summary>The text of a number.</summary>
    public string Scalar(Value value) => scalars.Render(value);

    /// <summary>The text of a part of a vector, or of a number in all lanes.</summary>
    public string Part(Value value, int part) => value.IsVector ? value.Accept(parts[part]) : All(value);

    /// <summary>A number in all lanes of a register.</summary>
    public string All(Value scalar) => scalar is Number { Literal: 0 } ? Zero : $"{Vector}.Create({Scalar(scalar)})";

    /// <summary>
    /// The address of an element that is loaded or stored. A sum is computed in 64 bits, so that no overflow of 32 bits has to be kept: the JIT compiler
    /// then takes what does not change out of a loop, and adds constants in the instruction that loads or stores.
    /// </summary>
    public string Access(string buffer, Index offset)
    {
        var isSum = offset is IndexBinary { Operator: IndexOperator.Add or IndexOperator.Subtract };
        return offset.Literal == 0 ? buffer : Address(buffer, (isSum ? "(long)" : "") + names.Of(offset));
    }

    /// <inheritdoc cref="Access(string, Index)"/>
    public string Access(Buffer buffer, Index offset) => Access(names[buffer], offset);

    /// <summary>The address of an element of a buffer.</summary>
    public string Address(Buffer buffer, Index offset) => offset.Literal == 0 ? names[buffer] : Address(names[buffer], names.Of(offset));

    /// <summary>The address of an element. A sum of a pointer and an offset would take the C# compiler much longer, because it considers the additions of all numbers first.</summary>
    public static string Address(string buffer, string offset) => $"&{buffer}[{offset}]";

    /// <summary>The number of lanes of a register below a count; null if it is known only at run time.</summary>
    public int? Valid(Index count, int part) => count.Literal is { } literal ? Math.Max(0, Math.Min(Width, literal - (part * Width))) : null;

    /// <summary>A register of zeros.</summary>
    public string Zero => Notation.Zero;
}
