using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The elements that count: 1 for those that count, 0 for padding and ignored labels.</summary>
/// <param name="Node">The ones and zeros: [N, T] for positions, the shape of the labels for labels.</param>
internal sealed record PositionMask(Node Node)
{
    /// <summary>The column of token ids and the id of padding; null if the mask has other conditions.</summary>
    public (int Column, int Token)? Padding { get; init; }

    /// <summary>Returns the mask of ids other than a given one.</summary>
    public static PositionMask Of(Node ids, int without)
    {
        var node = GraphBuilder.Pointwise("counts", Select(Equal(Input(0), Const(without)), Zero, One), ids);
        return new(node) { Padding = ids is InputNode column ? (column.Column, without) : null };
    }

    /// <summary>Returns the elements that count in both masks; null if all count.</summary>
    public static PositionMask? Join(PositionMask? a, PositionMask? b) =>
        a is null || a == b ? b : b is null ? a : new(GraphBuilder.Pointwise("counts", Multiply(Input(0), Input(1)), a.Node, b.Node));

    /// <summary>Returns the mask of a range of positions.</summary>
    public PositionMask Slice(int start, int length) => new(GraphBuilder.Slice("counts", Node, [0, start], Shape.Batch(length)));

    /// <summary>Returns whether one position counts in each sample, [N].</summary>
    public Node At(int position) => GraphBuilder.Reshape("counts", Shape.Batch(), Slice(position, 1).Node);

    /// <summary>Returns the values that count, and 0 for the others.</summary>
    public Node Apply(string name, Node values) => GraphBuilder.Pointwise(name, Select(Less(Zero, Input(1)), Input(0), Zero), values, Node);

    /// <summary>Returns the number of positions of each sample that count, at least one, [N]: the divisor of a mean over positions.</summary>
    public Node PerSample() => GraphBuilder.Pointwise(
        "counted", Maximum(Input(0), One), GraphBuilder.ReduceLast("counted", ReduceOp.Sum, Node.Shape, Input(0), Operand.Whole(Node)));

    /// <summary>
    /// Returns values whose mean over all elements is the mean over the elements that count: these are divided by their fraction, and all others are 0. If none counts, the
    /// mean is 0, and so are its gradients.
    /// </summary>
    public Node Weigh(string name, Node values)
    {
        var share = GraphBuilder.Pointwise("share", Select(Less(Zero, Input(0)), Input(0), One), GraphBuilder.Mean("share", Node));
        return GraphBuilder.Pointwise(name, Select(Less(Zero, Input(1)), Divide(Input(0), Input(2)), Zero), values, Node, share);
    }
}
