using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// The rows of a row group: its leading axes, and the width of its last axis. A value of the group has either the full shape or the shape of the rows. Sums and maxima along the
/// last axis convert a full value to a value of rows.
/// </summary>
internal readonly record struct RowSpace(Shape Rows, Extent Width)
{
    public Shape Full => Shape.Of([.. Rows.Extents, Width]);

    /// <summary>The row space of a value whose last axis is the vector axis.</summary>
    public static RowSpace Of(Shape shape) => new(Shape.Of([.. shape.Extents.Take(shape.Rank - 1)]), shape[shape.Rank - 1]);

    /// <summary>Whether a reduction combines exactly the last axis.</summary>
    public static bool IsRowReduction(ReduceNode reduce) =>
        reduce.Domain.Rank > 0 && reduce.Output.IsIdentity(reduce.Domain.Rank - 1) && reduce.Shape == Of(reduce.Domain).Rows
        && reduce.Operands.All(operand => Maps.InBounds(operand.Map, reduce.Domain, operand.Node.Shape));

    public bool IsFull(Node node) => node.Shape == Full;

    public bool IsRow(Node node) => node.Shape == Rows;

    /// <summary>Whether a node can be computed in these rows, with operands from inside the group read at the position where they are computed.</summary>
    public bool Accepts(Node node, Func<Node, bool> isInside) => node switch
    {
        MapNode map => (IsFull(map) || IsRow(map)) && ReadsSameIndices(map, isInside),
        ReduceNode reduce => IsRowReduction(reduce) && reduce.Domain == Full && ReadsSameIndices(reduce, isInside),
        GatherNode gather => IsFull(gather) && !isInside(gather.Table) && !isInside(gather.Ids),
        _ => false,
    };

    /// <summary>An operand from inside must be read at the reader's own element or row.</summary>
    private bool ReadsSameIndices(Node node, Func<Node, bool> isInside)
    {
        foreach (var operand in node.Operands)
        {
            if (isInside(operand.Node))
            {
                var sameRow = operand.Map.IsIdentity(Rows.Rank) && IsRow(operand.Node);
                var sameElement = operand.Map.IsIdentity(Rows.Rank + 1) && IsFull(operand.Node);
                if (!sameRow && !sameElement) return false;
            }
            else if (Aliases.Source(operand.Node) is var source && !ReferenceEquals(source, operand.Node) && isInside(source))
            {
                return false;
            }
        }

        return true;
    }
}
