namespace ModelDsl.Generator.Loops.Verification;

/// <summary>Evaluates an index; null if one of its variables is not known.</summary>
internal sealed class IndexValue(IReadOnlyDictionary<IndexVariable, int?> variables) : IIndexVisitor<int?>
{
    public static int? Of(Index index, IReadOnlyDictionary<IndexVariable, int?> variables) => index.Accept(new IndexValue(variables));

    public int? Visit(IndexLiteral index) => index.Value;

    public int? Visit(IndexVariable index) => variables.TryGetValue(index, out var value) ? value : null;

    public int? Visit(IndexBinary index)
    {
        if (index.Left.Accept(this) is not { } a || index.Right.Accept(this) is not { } b) return null;
        return index.Operator switch
        {
            IndexOperator.Add => a + b,
            IndexOperator.Subtract => a - b,
            IndexOperator.Multiply => a * b,
            IndexOperator.Divide when b != 0 => a / b,
            IndexOperator.Remainder when b != 0 => a % b,
            IndexOperator.Minimum => Math.Min(a, b),
            IndexOperator.Maximum => Math.Max(a, b),
            _ => null,
        };
    }
}
