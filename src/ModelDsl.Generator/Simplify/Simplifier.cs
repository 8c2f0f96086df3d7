using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Simplify;

/// <summary>The rewriting passes: which rules run when.</summary>
internal static class Simplifier
{
    private static readonly Func<Node, Node?>[] Always =
    [
        Rules.FoldView,
        Rules.DropIdentity,
        Rules.MergeReshapes,
        Rules.FoldConstant,
        Rules.DropOperands,
        Rules.SimplifyBody,
        Rules.DropEmptyReduction,
        CommonFactor.TakeOut,
        Rules.DropWindowsSideBySide,
        DisjointPads.Concatenate,
    ];

    /// <summary>Before differentiation: stable forms, and whatever makes the gradients smaller.</summary>
    public static ModelGraph BeforeGradients(ModelGraph graph, CancellationToken cancellation = default) =>
        Verifier.Checked(GraphRewriter.Rewrite(graph, Always, cancellation));

    /// <summary>What is left to fusion: no views over maps, no constants, nothing twice.</summary>
    public static ModelGraph AfterGradients(ModelGraph graph, CancellationToken cancellation = default)
    {
        var simple = GraphRewriter.Rewrite(graph, [.. Always, CenteredSum.Drop, Rules.DropStopGradient, Rules.ExpandLogSumExp], cancellation);
        var moved = GraphRewriter.Rewrite(BeforeReshape.Run(RowDots.Run(simple, cancellation)), Always, cancellation);
        return Verifier.Checked(GraphRewriter.Rewrite(Inlining.Run(moved), [.. Always, FirstMaximum.ReadMaximum, FirstMaximum.SumOverWindows], cancellation));
    }
}
