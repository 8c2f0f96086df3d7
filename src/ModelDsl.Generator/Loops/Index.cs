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

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal sealed record IndexVariable(string Name) : Index
{
    public override string ToString() => Name;
}

/// <summary><paramref name="Operator"/> is one of + - * / %, or &lt; for the minimum and &gt; for the maximum.</summary>
internal sealed record IndexBinary(char Operator, Index Left, Index Right) : Index
{
    public override string ToString() => Operator switch
    {
        '<' => $"Math.Min({Left}, {Right})",
        '>' => $"Math.Max({Left}, {Right})",
        '+' => $"{Left} + {Right}",
        '-' => $"{Left} - {Wrap(Right, true)}",
        _ => $"{Wrap(Left, false)} {Operator} {Wrap(Right, true)}",
    };

    private static string Wrap(Index index, bool right) =>
        index is IndexBinary { Operator: '+' or '-' } || (right && index is IndexBinary { Operator: '*' or '/' or '%' }) || (index is IndexBinary { Operator: '/' or '%' })
            ? $"({index})" : index.ToString();
}
