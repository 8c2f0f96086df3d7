using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>A loss that compares each element of the output with one of the target and takes the mean over all of them.</summary>
internal abstract class ElementwiseLoss : LossLayer
{
    protected virtual string Measures => "Regression";

    protected sealed override LossTerms? Compare(LayerCall call, LayerScope scope, Value output, object? target)
    {
        if (Body(call, scope) is not { } body) return null;
        if (target is not null and not Value)
        {
            var number = ExprWalk.Substitute(body, [Expressions.Input(0), Expressions.Const(Convert.ToDouble(target, Names.Invariant))]);
            return new LossTerms(GraphBuilder.Pointwise("losses", number, output.Node), Link(output.Node), Measures);
        }

        var node = target is Value given ? Targets.Given(scope, output, given) : Targets.Like(call, scope, output);
        return node is null ? null : new LossTerms(GraphBuilder.Pointwise("losses", body, output.Node, node), Link(output.Node), Measures);
    }

    /// <summary>The loss of one element: leaf 0 is the output, leaf 1 the target.</summary>
    protected abstract Expr? Body(LayerCall call, LayerScope scope);

    protected virtual Node Link(Node output) => output;
}
