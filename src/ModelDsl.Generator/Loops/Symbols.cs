using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// What a loop program refers to by identity: an object, with the name that a person would give it. Two symbols may have one name; a target gives each of
/// a function's symbols a name of its own when it writes the text.
/// </summary>
internal interface ISymbol
{
    string Name { get; }
}

/// <summary>The elements of a buffer.</summary>
internal enum BufferElement
{
    Float,
    Int,

    /// <summary>Four floats.</summary>
    Quad,

    /// <summary>The bits of a float, as an integer.</summary>
    Bits,
}

/// <summary>Memory that a function accesses by offsets: a parameter, a cursor that moves through one, shared memory, or a view of these.</summary>
internal sealed class Buffer(string name, BufferElement element = BufferElement.Float) : ISymbol
{
    public Buffer(string name, ElementType type)
        : this(name, type == ElementType.Int ? BufferElement.Int : BufferElement.Float)
    {
    }

    public string Name { get; } = name;

    public BufferElement Element { get; } = element;

    /// <summary>Whether elements are integers, which become numbers when they are loaded.</summary>
    public bool IsInt => Element == BufferElement.Int;

    public override string ToString() => Name;
}

/// <summary>
/// Registers in rows and columns, indexed by literals only, so that each stays a register: the accumulators of a product. With vectors, a column is a
/// logical vector.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="isVector">Whether an element is a logical vector.</param>
internal sealed class RegisterTile(string name, int rows, int columns, bool isVector) : ISymbol
{
    public string Name { get; } = name;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public bool IsVector { get; } = isVector;

    /// <summary>An element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tile has no such element.</exception>
    public TileElement this[int row, int column] =>
        row >= 0 && row < Rows && column >= 0 && column < Columns ? new(this, row, column) : throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {column}] of {Rows} × {Columns}");

    public override string ToString() => Name;
}

/// <summary>Four floats that were loaded at once.</summary>
internal sealed class Quad(string name) : ISymbol
{
    public string Name { get; } = name;

    public override string ToString() => Name;
}

/// <summary>Accumulators of matrix products that a warp holds in registers of tensor cores, so many numbers in each thread.</summary>
internal sealed class MatrixTile(string name, int count) : ISymbol
{
    public string Name { get; } = name;

    public int Count { get; } = count;

    public override string ToString() => Name;
}
