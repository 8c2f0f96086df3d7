using System.Globalization;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// An integer of the loop program: a loop bound or a position in a buffer. Sums and products fold as they are built, so what is known at build
/// time stands as one literal in the generated text.
/// </summary>
internal abstract record Index
{
    /// <summary>The literal value, or null when it is known only at run time.</summary>
    public virtual int? Literal => null;

    /// <summary>
    /// This index divided by a number it is a multiple of, whatever its variables are; null where that cannot be seen.
    /// </summary>
    public abstract Index? DividedBy(int divisor);

    /// <summary>This index with a value in the place of a variable.</summary>
    public abstract Index With(string variable, int value);

    public static implicit operator Index(int value) => new IndexLiteral(value);

    public static implicit operator Index(string variable) => new IndexVariable(variable);

    public static Index operator +(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => checked(x.Value + y.Value),
        (IndexLiteral { Value: 0 }, _) => b,
        (_, IndexLiteral { Value: 0 }) => a,
        (IndexLiteral, _) => b + a,
        (IndexBinary { Operator: '+', Right: IndexLiteral x } sum, IndexLiteral y) => sum.Left + checked(x.Value + y.Value),
        (IndexBinary { Operator: '+', Right: IndexLiteral x } sum, _) => sum.Left + b + x,
        _ => new IndexBinary('+', a, b),
    };

    public static Index operator -(Index a, Index b) => (a, b) switch
    {
        (_, IndexLiteral y) => a + checked(-y.Value),
        _ when a == b => 0,
        _ => new IndexBinary('-', a, b),
    };

    public static Index operator *(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => checked(x.Value * y.Value),
        (IndexLiteral { Value: 0 }, _) or (_, IndexLiteral { Value: 0 }) => 0,
        (IndexLiteral { Value: 1 }, _) => b,
        (_, IndexLiteral { Value: 1 }) => a,
        (IndexLiteral, _) => b * a,
        (IndexBinary { Operator: '*', Right: IndexLiteral x } product, IndexLiteral y) => product.Left * checked(x.Value * y.Value),
        _ => new IndexBinary('*', a, b),
    };

    public static Index operator /(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => x.Value / y.Value,
        (_, IndexLiteral { Value: 1 }) => a,
        _ => new IndexBinary('/', a, b),
    };

    public static Index operator %(Index a, Index b) => (a, b) switch
    {
        (IndexLiteral x, IndexLiteral y) => x.Value % y.Value,
        (_, IndexLiteral { Value: 1 }) => 0,
        _ => new IndexBinary('%', a, b),
    };

    public static Index Min(Index a, Index b) =>
        a is IndexLiteral x && b is IndexLiteral y ? Math.Min(x.Value, y.Value) : a == b ? a : new IndexBinary('<', a, b);

    public static Index Max(Index a, Index b) =>
        a is IndexLiteral x && b is IndexLiteral y ? Math.Max(x.Value, y.Value) : a == b ? a : new IndexBinary('>', a, b);

    /// <summary>⌈a / b⌉ for a ≥ 0 and b > 0.</summary>
    public static Index CeilingDivide(Index a, Index b) => (a + (b - 1)) / b;
}

internal sealed record IndexLiteral(int Value) : Index
{
    public override int? Literal => Value;

    public override Index? DividedBy(int divisor) => Value % divisor == 0 ? Value / divisor : null;

    public override Index With(string variable, int value) => this;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal sealed record IndexVariable(string Name) : Index
{
    public override Index? DividedBy(int divisor) => null;

    public override Index With(string variable, int value) => Name == variable ? value : this;

    public override string ToString() => Name;
}

/// <summary><paramref name="Operator"/> is one of + - * / %, or &lt; for the minimum and &gt; for the maximum.</summary>
internal sealed record IndexBinary(char Operator, Index Left, Index Right) : Index
{
    public override Index? DividedBy(int divisor) => Operator switch
    {
        '*' => Right.DividedBy(divisor) is { } right ? Left * right : Left.DividedBy(divisor) is { } left ? left * Right : null,
        '/' => Right.Literal is { } by ? Left.DividedBy(checked(by * divisor)) : null,
        _ => Left.DividedBy(divisor) is { } left && Right.DividedBy(divisor) is { } right ? Of(left, right) : null,
    };

    public override Index With(string variable, int value) => Of(Left.With(variable, value), Right.With(variable, value));

    public override string ToString() => Operator switch
    {
        '<' => $"Math.Min({Left}, {Right})",
        '>' => $"Math.Max({Left}, {Right})",
        '+' when Right is IndexLiteral { Value: < 0 } negative => $"{Left} - {-negative.Value}",
        '+' => $"{Left} + {Right}",
        '-' => $"{Left} - {Wrap(Right, true)}",
        _ => $"{Wrap(Left, false)} {Operator} {Wrap(Right, true)}",
    };

    /// <summary>The same operation on other indices.</summary>
    private Index Of(Index left, Index right) => Operator switch
    {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        '%' => left % right,
        '<' => Min(left, right),
        _ => Max(left, right),
    };

    private static string Wrap(Index index, bool right) =>
        index is IndexBinary { Operator: '+' or '-' } || (right && index is IndexBinary { Operator: '*' or '/' or '%' }) || (index is IndexBinary { Operator: '/' or '%' })
            ? $"({index})" : index.ToString();
}
