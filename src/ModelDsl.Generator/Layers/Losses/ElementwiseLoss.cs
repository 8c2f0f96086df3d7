using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>A loss that compares each element of the output with one of the target and takes the mean over all of them.</summary>
internal abstract class ElementwiseLoss : LossLayer
{
    protected virtual string Measures => "Regression";

    public override LossValue? LowerLoss(LayerCall call, LayerScope scope, Value output)
    {
        if (Body(call, scope) is not { } body || Targets.Like(call, scope, output) is not { } target) return null;
        var losses = GraphBuilder.Pointwise("losses", body, output.Node, target);
        return new LossValue(GraphBuilder.Mean("loss", losses), Link(output.Node), Measures);
    }

    /// <summary>The loss of one element: leaf 0 is the output, leaf 1 the target.</summary>
    protected abstract Expr? Body(LayerCall call, LayerScope scope);

    protected virtual Node Link(Node output) => output;
}
