namespace ModelDsl.Generator.Loops;

/// <summary>
/// An integer of the loop program: a loop bound or an offset into a buffer. Sums and products fold as they are built, so what is known at build
/// time is one literal in the generated text.
/// </summary>
internal abstract record Index
{
    /// <summary>The literal value, or null when it is known only at run time.</summary>
    public virtual int? Literal => null;

    /// <summary>
    /// This index divided by a number it is a multiple of, whatever its variables are; null where that cannot be seen.
    /// </summary>
    public abstract Index? DividedBy(int divisor);

    public abstract T Accept<T>(IIndexVisitor<T> visitor);

    /// <summary>This index with a value for a variable.</summary>
    public Index With(IndexVariable variable, int value) => Accept(new Substitution(variable, value));

    /// <summary>This index with another for a variable.</summary>
    public Index With(IndexVariable variable, Index value) => Accept(new Substitution(variable, value));

    /// <summary>The index as the loop language writes it. Targets have an <see cref="IndexPrinter"/> of their own.</summary>
    public sealed override string ToString() => IndexPrinter.Plain.Print(this);

    public static implicit operator Index(int value) => new IndexLiteral(value);

    public static Index operator +(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => checked(x.Value + y.Value),
        (IndexLiteral { Value: 0 }, _) => b,
        (_, IndexLiteral { Value: 0 }) => a,
        (IndexLiteral, _) => b + a,
        (IndexBinary { Operator: IndexOperator.Add, Right: IndexLiteral x } sum, IndexLiteral y) => sum.Left + checked(x.Value + y.Value),
        (IndexBinary { Operator: IndexOperator.Add, Right: IndexLiteral x } sum, _) => sum.Left + b + x,
        _ => new IndexBinary(IndexOperator.Add, a, b),
    };

    public static Index operator -(Index a, Index b) => (a, b) switch
    {
        (_, IndexLiteral y) => a + checked(-y.Value),
        _ when a == b => 0,
        _ => new IndexBinary(IndexOperator.Subtract, a, b),
    };

    public static Index operator *(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => checked(x.Value * y.Value),
        (IndexLiteral { Value: 0 }, _) or (_, IndexLiteral { Value: 0 }) => 0,
        (IndexLiteral { Value: 1 }, _) => b,
        (_, IndexLiteral { Value: 1 }) => a,
        (IndexLiteral, _) => b * a,
        (IndexBinary { Operator: IndexOperator.Multiply, Right: IndexLiteral x } product, IndexLiteral y) => product.Left * checked(x.Value * y.Value),
        _ => new IndexBinary(IndexOperator.Multiply, a, b),
    };

    public static Index operator /(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => x.Value / y.Value,
        (_, IndexLiteral { Value: 1 }) => a,
        _ => new IndexBinary(IndexOperator.Divide, a, b),
    };

    public static Index operator %(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => x.Value % y.Value,
        (_, IndexLiteral { Value: 1 }) => 0,
        _ => new IndexBinary(IndexOperator.Remainder, a, b),
    };

    public static Index Min(Index a, Index b) =>
        a is IndexLiteral x && b is IndexLiteral y ? Math.Min(x.Value, y.Value) : a == b ? a : new IndexBinary(IndexOperator.Minimum, a, b);

    public static Index Max(Index a, Index b) =>
        a is IndexLiteral x && b is IndexLiteral y ? Math.Max(x.Value, y.Value) : a == b ? a : new IndexBinary(IndexOperator.Maximum, a, b);

    /// <summary>⌈a / b⌉ for a ≥ 0 and b > 0.</summary>
    public static Index CeilingDivide(Index a, Index b) => (a + (b - 1)) / b;

    /// <summary>An operation on two indices, folded where it can be.</summary>
    public static Index Of(IndexOperator op, Index left, Index right) => op switch
    {
        IndexOperator.Add => left + right,
        IndexOperator.Subtract => left - right,
        IndexOperator.Multiply => left * right,
        IndexOperator.Divide => left / right,
        IndexOperator.Remainder => left % right,
        IndexOperator.Minimum => Min(left, right),
        IndexOperator.Maximum => Max(left, right),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    private sealed class Substitution(IndexVariable variable, Index value) : LoopRewriter
    {
        public override Index Visit(IndexVariable index) => ReferenceEquals(index, variable) ? value : index;
    }
}

/// <summary>An integer that is known when the model is compiled.</summary>
internal sealed record IndexLiteral(int Value) : Index
{
    public override int? Literal => Value;

    public override Index? DividedBy(int divisor) => Value % divisor == 0 ? Value / divisor : null;

    public override T Accept<T>(IIndexVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>An integer variable: a parameter, the variable of a loop, or a named index. Two variables are equal only where they are one object.</summary>
/// <param name="Name">What the generated text calls it where no other symbol has the name.</param>
internal sealed record IndexVariable(string Name) : Index, ISymbol
{
    public override Index? DividedBy(int divisor) => null;

    public override T Accept<T>(IIndexVisitor<T> visitor) => visitor.Visit(this);

    public bool Equals(IndexVariable? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>What is done with two indices. Quotients and remainders are those of a dividend that is not negative and a positive divisor.</summary>
internal enum IndexOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Minimum,
    Maximum,
}

/// <summary>An operation on two indices.</summary>
internal sealed record IndexBinary(IndexOperator Operator, Index Left, Index Right) : Index
{
    public override Index? DividedBy(int divisor) => Operator switch
    {
        IndexOperator.Multiply => Right.DividedBy(divisor) is { } right ? Left * right : Left.DividedBy(divisor) is { } left ? left * Right : null,
        IndexOperator.Divide => Right.Literal is { } by ? Left.DividedBy(checked(by * divisor)) : null,
        _ => Left.DividedBy(divisor) is { } left && Right.DividedBy(divisor) is { } right ? Of(Operator, left, right) : null,
    };

    public override T Accept<T>(IIndexVisitor<T> visitor) => visitor.Visit(this);
}
