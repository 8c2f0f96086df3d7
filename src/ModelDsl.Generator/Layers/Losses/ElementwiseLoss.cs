using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>A loss that compares each element of the output with one of the target and takes the mean over all of them.</summary>
internal abstract class ElementwiseLoss : LossLayer
{
    protected virtual string Measures(LayerCall call) => "Regression";

    protected sealed override LossTerms? Compare(LayerCall call, LayerScope scope, Value output, object? target)
    {
        if (Body(call, scope) is not { } body) return null;
        if (target is not null and not Value)
        {
            var number = ExprWalk.Substitute(body, [Expressions.Input(0), Expressions.Const(Convert.ToDouble(target, Names.Invariant))]);
            return new LossTerms(GraphBuilder.Pointwise("losses", number, output.Node), Link(call, output.Node), Measures(call));
        }

        var node = target is Value given ? Targets.Given(scope, output, given) : Targets.Like(call, scope, output);
        return node is null ? null : new LossTerms(GraphBuilder.Pointwise("losses", body, output.Node, node), Link(call, output.Node), Measures(call));
    }

    /// <summary>The loss of one element: leaf 0 is the output, leaf 1 the target.</summary>
    protected abstract Expr? Body(LayerCall call, LayerScope scope);

    /// <summary>The output as users want to see it.</summary>
    protected virtual Node Link(LayerCall call, Node output) => output;
}
