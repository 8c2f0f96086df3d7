using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scans;

namespace ModelDsl.Generator.Simplify;

/// <summary>The rewriting passes, and the rules of each.</summary>
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

    /// <summary>Runs before differentiation: stable forms, and rules that make the gradients smaller.</summary>
    public static ModelGraph BeforeGradients(ModelGraph graph, CancellationToken cancellation = default)
    {
        graph = LoopMotion.Run(ScanBodies.Rewrite(graph, body => BeforeGradients(body, cancellation)));
        return Verifier.Checked(GraphRewriter.Rewrite(graph, Always, cancellation));
    }

    /// <summary>Runs before fusion: removes views of maps, constants and duplicate nodes.</summary>
    public static ModelGraph AfterGradients(ModelGraph graph, CancellationToken cancellation = default)
    {
        graph = LoopMotion.Run(ScanBodies.Rewrite(graph, body => GraphRewriter.Rewrite(body, [.. Always, CenteredSum.Drop, Rules.DropStopGradient], cancellation)));
        graph = ScanBodies.Rewrite(graph, body => AfterGradients(body, cancellation));
        var simple = GraphRewriter.Rewrite(graph, [.. Always, CenteredSum.Drop, Rules.DropStopGradient, Rules.ExpandLogSumExp], cancellation);
        var moved = GraphRewriter.Rewrite(BeforeReshape.Run(RowDots.Run(simple, cancellation)), Always, cancellation);
        return Verifier.Checked(GraphRewriter.Rewrite(Inlining.Run(moved), [.. Always, FirstMaximum.ReadMaximum, FirstMaximum.SumOverWindows], cancellation));
    }
}
