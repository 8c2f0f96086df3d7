using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// An object that a loop program refers to by identity, with a suggested name. Two symbols may have the same name: a target gives each symbol of a function a unique name when it
/// writes the text.
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

/// <summary>Memory that a function accesses by offsets: a parameter, a cursor that advances through one, shared memory, or a view of these.</summary>
internal sealed class Buffer(string name, BufferElement element = BufferElement.Float) : ISymbol
{
    public Buffer(string name, ElementType type)
        : this(name, type == ElementType.Int ? BufferElement.Int : BufferElement.Float)
    {
    }

    public string Name { get; } = name;

    public BufferElement Element { get; } = element;

    /// <summary>Whether elements are integers, which are converted to numbers when they are loaded.</summary>
    public bool IsInt => Element == BufferElement.Int;

    public override string ToString() => Name;
}

/// <summary>
/// Registers in rows and columns, such as the accumulators of a product. They are indexed by literals only, so that each remains a register. With vectors, a column is a logical
/// vector.
/// </summary>
/// <param name="name">The name of the tile.</param>
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

/// <summary>Accumulators of matrix products in registers of tensor cores of a warp. Each thread holds <paramref name="count"/> numbers.</summary>
internal sealed class MatrixTile(string name, int count) : ISymbol
{
    public string Name { get; } = name;

    public int Count { get; } = count;

    public override string ToString() => Name;
}
