using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// A number, or a logical vector of sixteen numbers, which all targets share. A target represents a logical vector as one, two or four registers, as sixteen scalars, or as
/// threads. A scalar that is combined with a vector is broadcast over its lanes.
/// </summary>
internal abstract record Value
{
    /// <summary>The number of lanes of a logical vector, for every register width.</summary>
    public const int Lanes = 16;

    public abstract bool IsVector { get; }

    public abstract T Accept<T>(IValueVisitor<T> visitor);

    public sealed override string ToString() => LoopPrinter.Print(this);
}

/// <summary>A literal.</summary>
internal sealed record Number(double Literal) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>A value that can be assigned to.</summary>
internal abstract record Local : Value;

/// <summary>A named value. Two variables are equal only if they are the same object.</summary>
/// <param name="Name">The name in the generated text, unless another symbol has it.</param>
/// <param name="Vector">Whether it is a vector.</param>
internal sealed record Variable(string Name, bool Vector) : Local, ISymbol
{
    public override bool IsVector => Vector;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);

    public bool Equals(Variable? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>One register, or logical vector, of a tile.</summary>
internal sealed record TileElement(RegisterTile Tile, int Row, int Column) : Local
{
    public override bool IsVector => Tile.IsVector;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Lanes at <c>buffer[offset + stride · lane]</c>; integers are converted. Lanes from <paramref name="Count"/> on are not read and contain zero.</summary>
internal sealed record LoadLanes(Buffer Buffer, Index Offset, Index Count, int Stride = 1) : Value
{
    public override bool IsVector => true;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>The number at <c>buffer[offset]</c>; an integer is converted.</summary>
internal sealed record LoadScalar(Buffer Buffer, Index Offset) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>An operation. It is computed for each lane if an operand is a vector.</summary>
internal sealed record Operation(ScalarOp Op, IReadOnlyList<Value> Args) : Value
{
    public override bool IsVector => Args.Any(arg => arg.IsVector);

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>a · b + c, rounded once.</summary>
internal sealed record MultiplyAdd(Value A, Value B, Value C) : Value
{
    public override bool IsVector => A.IsVector || B.IsVector || C.IsVector;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>The numbers start, start + 1, … in the lanes.</summary>
internal sealed record LaneIndex(Index Start) : Value
{
    public override bool IsVector => true;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>An index as a number.</summary>
internal sealed record IndexNumber(Index Index) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>The value in lanes below <paramref name="Count"/>, and <paramref name="Fill"/> in the other lanes.</summary>
internal sealed record MaskLanes(Value Masked, Index Count, double Fill) : Value
{
    public override bool IsVector => true;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>The horizontal reduction of a vector: sixteen lanes by one fixed tree, lane l with l + 8, then 4, 2, 1.</summary>
internal sealed record ReduceLanes(ReduceOp Op, Variable Vector) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>
/// Uniform numbers in [0, 1) for sixteen consecutive logical elements of a row. The stream, one per layer, is an argument of the kernel, so that equal layers share the kernel.
/// </summary>
internal sealed record RandomLanes(Index Stream, Index Row, Index Block) : Value
{
    public override bool IsVector => true;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>A scalar in all lanes.</summary>
internal sealed record Broadcast(Value Scalar) : Value
{
    public override bool IsVector => true;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}
