using System.Globalization;

namespace ModelDsl.Generator.Loops;

/// <summary>Writes indices as text.</summary>
/// <param name="nameOf">The name of a variable.</param>
/// <param name="minimum">The name of the minimum of two numbers.</param>
/// <param name="maximum">The name of the maximum of two numbers.</param>
internal class IndexPrinter(Func<IndexVariable, string> nameOf, string minimum, string maximum) : IIndexVisitor<string>
{
    /// <summary>The notation of the loop language.</summary>
    public static IndexPrinter Plain { get; } = new(variable => variable.Name, "min", "max");

    public string Print(Index index) => index.Accept(this);

    /// <summary>Writes conditions that must all hold.</summary>
    public virtual string Print(IReadOnlyList<Condition> conditions) =>
        string.Join(" && ", conditions.Select(condition => $"{Print(condition.Left)} {(condition.Comparison == Comparison.Equal ? "==" : "<")} {Print(condition.Right)}"));

    public string Visit(IndexLiteral index) => index.Value.ToString(CultureInfo.InvariantCulture);

    public string Visit(IndexVariable index) => nameOf(index);

    public string Visit(IndexBinary index) => index.Operator switch
    {
        IndexOperator.Minimum => $"{minimum}({Print(index.Left)}, {Print(index.Right)})",
        IndexOperator.Maximum => $"{maximum}({Print(index.Left)}, {Print(index.Right)})",
        IndexOperator.Add when index.Right is IndexLiteral { Value: < 0 } negative => $"{Print(index.Left)} - {Print(-negative.Value)}",
        IndexOperator.Add => $"{Print(index.Left)} + {Print(index.Right)}",
        IndexOperator.Subtract => $"{Print(index.Left)} - {Operand(index.Right, isRight: true)}",
        IndexOperator.Multiply => $"{Operand(index.Left, isRight: false)} * {Operand(index.Right, isRight: true)}",
        IndexOperator.Divide => Quotient(index),
        IndexOperator.Remainder => Remainder(index),
        _ => throw new InvalidOperationException($"Unknown operator {index.Operator}."),
    };

    /// <summary>Writes a quotient.</summary>
    protected virtual string Quotient(IndexBinary index) => $"{Operand(index.Left, isRight: false)} / {Operand(index.Right, isRight: true)}";

    /// <summary>Writes a remainder.</summary>
    protected virtual string Remainder(IndexBinary index) => $"{Operand(index.Left, isRight: false)} % {Operand(index.Right, isRight: true)}";

    /// <summary>Writes an operand, in parentheses if its own operator binds less tightly or integer division would round differently.</summary>
    protected virtual string Operand(Index index, bool isRight)
    {
        var isWrapped = index is IndexBinary binary && binary.Operator switch
        {
            IndexOperator.Add or IndexOperator.Subtract or IndexOperator.Divide or IndexOperator.Remainder => true,
            IndexOperator.Multiply => isRight,
            _ => false,
        };
        return isWrapped ? $"({Print(index)})" : Print(index);
    }
}
