namespace ModelDsl.Generator.Loops;

/// <summary>
/// An integer of the loop program: a loop bound or an offset into a buffer. Sums and products are folded when they are built, so a value that is known at build time is one
/// literal in the generated text.
/// </summary>
internal abstract record Index
{
    /// <summary>The literal value, or null when it is known only at run time.</summary>
    public virtual int? Literal => null;

    /// <summary>Returns this index divided by a divisor of it, for any values of its variables; null if the division is not known to be exact.</summary>
    public abstract Index? DividedBy(int divisor);

    /// <summary>Returns the number by which this index multiplies a variable; null if it is anything else.</summary>
    public int? FactorOf(IndexVariable variable) => this switch
    {
        IndexBinary { Operator: IndexOperator.Multiply } product => ReferenceEquals(product.Left, variable) ? product.Right.Literal : null,
        _ => ReferenceEquals(this, variable) ? 1 : null,
    };

    public abstract T Accept<T>(IIndexVisitor<T> visitor);

    /// <summary>Returns this index with a variable replaced by a value.</summary>
    public Index With(IndexVariable variable, int value) => Accept(new Substitution(variable, value));

    /// <summary>Returns this index with a variable replaced by another index.</summary>
    public Index With(IndexVariable variable, Index value) => Accept(new Substitution(variable, value));

    /// <summary>The index in the notation of the loop language. Each target has its own <see cref="IndexPrinter"/>.</summary>
    public sealed override string ToString() => IndexPrinter.Plain.Print(this);

    public static implicit operator Index(int value) => IndexLiteral.Of(value);

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

    /// <summary>An operation on two indices, folded if possible.</summary>
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
    private const int LeastShared = -16;

    // Most literals are small, and programs have hundreds of thousands of them.
    private static readonly IndexLiteral[] Shared = [.. Enumerable.Range(LeastShared, 1024).Select(value => new IndexLiteral(value))];

    /// <summary>Returns the literal with a value.</summary>
    public static IndexLiteral Of(int value) => value - LeastShared is >= 0 and var number && number < Shared.Length ? Shared[number] : new IndexLiteral(value);

    public override int? Literal => Value;

    public override Index? DividedBy(int divisor) => Value % divisor == 0 ? Value / divisor : null;

    public override T Accept<T>(IIndexVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>An integer variable: a parameter, a loop variable or a named index. Two variables are equal only if they are the same object.</summary>
/// <param name="Name">The name in the generated text, unless another symbol has it.</param>
internal sealed record IndexVariable(string Name) : Index, ISymbol
{
    public override Index? DividedBy(int divisor) => null;

    public override T Accept<T>(IIndexVisitor<T> visitor) => visitor.Visit(this);

    public bool Equals(IndexVariable? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>An operator of two indices. Quotients and remainders require a dividend that is not negative and a positive divisor.</summary>
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
