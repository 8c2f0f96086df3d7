using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// A number, or sixteen of them side by side: the logical vector every target shares. A target makes of it one, two or four registers, sixteen
/// scalars, or threads. A scalar meeting a vector is spread over its lanes.
/// </summary>
internal abstract record Value
{
    /// <summary>Lanes of a logical vector, at every register width.</summary>
    public const int Lanes = 16;

    public abstract bool IsVector { get; }
}

/// <summary>A literal.</summary>
internal sealed record Number(double Literal) : Value
{
    public override bool IsVector => false;
}

/// <summary>A named value declared before.</summary>
internal sealed record Variable(string Name, bool Vector) : Value
{
    public override bool IsVector => Vector;
}

/// <summary>Lanes at <c>buffer[offset + stride · lane]</c>, integers converted; lanes from <paramref name="Count"/> on are not read and hold zero.</summary>
internal sealed record LoadLanes(string Buffer, Index Offset, Index Count, int Stride = 1, ElementType Type = ElementType.Float) : Value
{
    public override bool IsVector => true;
}

/// <summary>The number at <c>buffer[offset]</c>; an integer is converted.</summary>
internal sealed record LoadScalar(string Buffer, Index Offset, ElementType Type = ElementType.Float) : Value
{
    public override bool IsVector => false;
}

/// <summary>An operation, lane by lane where an operand is a vector.</summary>
internal sealed record Operation(ScalarOp Op, IReadOnlyList<Value> Args) : Value
{
    public override bool IsVector => Args.Any(arg => arg.IsVector);
}

/// <summary>a · b + c, rounded once.</summary>
internal sealed record MultiplyAdd(Value A, Value B, Value C) : Value
{
    public override bool IsVector => A.IsVector || B.IsVector || C.IsVector;
}

/// <summary>The numbers start, start + 1, … in the lanes.</summary>
internal sealed record LaneIndex(Index Start) : Value
{
    public override bool IsVector => true;
}

/// <summary>An index as a number.</summary>
internal sealed record IndexNumber(Index Index) : Value
{
    public override bool IsVector => false;
}

/// <summary>The value in lanes below <paramref name="Count"/>, <paramref name="Fill"/> in the others.</summary>
internal sealed record KeepLanes(Value Kept, Index Count, double Fill) : Value
{
    public override bool IsVector => true;
}

/// <summary>All sixteen lanes combined by the one fixed tree: lane l with l + 8, then 4, 2, 1.</summary>
internal sealed record CombineLanes(ReduceOp Op, Variable Combined) : Value
{
    public override bool IsVector => false;
}

/// <summary>Uniform numbers in [0, 1) of sixteen consecutive logical elements of a row. The stream, one per layer, is an argument of the kernel, so
/// that equal layers share it.</summary>
internal sealed record RandomLanes(Index Stream, Index Row, Index Block) : Value
{
    public override bool IsVector => true;
}

/// <summary>A scalar in all lanes.</summary>
internal sealed record Spread(Value Scalar) : Value
{
    public override bool IsVector => true;
}
