namespace ModelDsl.Generator.Loops;

/// <summary>An index as a linear combination of atoms: variables, and operations that are not linear. Equal atoms are combined, so that a term and its negative cancel.</summary>
internal sealed class Linear
{
    private readonly Dictionary<Index, long> terms;

    private Linear(Dictionary<Index, long> terms, long constant) => (this.terms, Constant) = (terms, constant);

    public long Constant { get; }

    /// <summary>The atoms with their factors, none of them 0.</summary>
    public IReadOnlyDictionary<Index, long> Terms => terms;

    public long this[Index atom] => terms.TryGetValue(atom, out var factor) ? factor : 0;

    public static Linear OfNumber(long constant) => new([], constant);

    /// <summary>Converts an index to a linear combination.</summary>
    public static Linear Of(Index index) => index switch
    {
        IndexLiteral literal => OfNumber(literal.Value),
        IndexBinary { Operator: IndexOperator.Add } sum => Of(sum.Left).Plus(Of(sum.Right), 1),
        IndexBinary { Operator: IndexOperator.Subtract } difference => Of(difference.Left).Plus(Of(difference.Right), -1),
        IndexBinary { Operator: IndexOperator.Multiply, Right: IndexLiteral factor } product => OfNumber(0).Plus(Of(product.Left), factor.Value),
        _ => new Linear(new() { [index] = 1 }, 0),
    };

    /// <summary>Returns the sum of this and a multiple of another linear combination.</summary>
    public Linear Plus(Linear other, long factor)
    {
        if (factor == 0) return this;
        var sum = new Dictionary<Index, long>(terms);
        foreach (var term in other.terms)
        {
            var total = this[term.Key] + (term.Value * factor);
            if (total == 0) sum.Remove(term.Key);
            else sum[term.Key] = total;
        }

        return new Linear(sum, Constant + (other.Constant * factor));
    }

    /// <summary>Returns this without an atom.</summary>
    public Linear Without(Index atom)
    {
        var rest = new Dictionary<Index, long>(terms);
        rest.Remove(atom);
        return new Linear(rest, Constant);
    }

    public override string ToString() => string.Join(" + ", terms.Select(term => $"{term.Value}·({term.Key})").Concat([Constant.ToString(System.Globalization.CultureInfo.InvariantCulture)]));
}
