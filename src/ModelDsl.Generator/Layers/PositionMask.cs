using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Which elements count: 1 for those that do, 0 for padding and for labels that are ignored.</summary>
/// <param name="Node">The ones and zeros: of positions [N, T], of labels in their shape.</param>
internal sealed record PositionMask(Node Node)
{
    /// <summary>The token ids whose padding this is, and which id that is; null where more than that decides.</summary>
    public (int Column, int Token)? Padding { get; init; }

    /// <summary>Ids other than one of them.</summary>
    public static PositionMask Of(Node ids, int without)
    {
        var node = GraphBuilder.Pointwise("counts", Select(Equal(Input(0), Const(without)), Zero, One), ids);
        return new(node) { Padding = ids is InputNode column ? (column.Column, without) : null };
    }

    /// <summary>What counts by both; null where everything does.</summary>
    public static PositionMask? Join(PositionMask? a, PositionMask? b) =>
        a is null || a == b ? b : b is null ? a : new(GraphBuilder.Pointwise("counts", Multiply(Input(0), Input(1)), a.Node, b.Node));

    /// <summary>A run of positions.</summary>
    public PositionMask Slice(int start, int length) => new(GraphBuilder.Slice("counts", Node, [0, start], Shape.Batch(length)));

    /// <summary>Whether one position counts in each sample, [N].</summary>
    public Node At(int position) => GraphBuilder.Reshape("counts", Shape.Batch(), Slice(position, 1).Node);

    /// <summary>The values where they count, 0 elsewhere.</summary>
    public Node Apply(string name, Node values) => GraphBuilder.Pointwise(name, Select(Less(Zero, Input(1)), Input(0), Zero), values, Node);

    /// <summary>How many positions of each sample count, at least one, [N]: what a sum over them is divided by.</summary>
    public Node PerSample() => GraphBuilder.Pointwise(
        "counted", Maximum(Input(0), One), GraphBuilder.ReduceLast("counted", ReduceOp.Sum, Node.Shape, Input(0), Operand.Whole(Node)));

    /// <summary>
    /// Values whose mean over everything is the mean of those that count: these are divided by the share they have, all others are 0. Where none counts, the
    /// mean is 0, and so are its gradients.
    /// </summary>
    public Node Weigh(string name, Node values)
    {
        var share = GraphBuilder.Pointwise("share", Select(Less(Zero, Input(0)), Input(0), One), GraphBuilder.Mean("share", Node));
        return GraphBuilder.Pointwise(name, Select(Less(Zero, Input(1)), Divide(Input(0), Input(2)), Zero), values, Node, share);
    }
}
