using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>A loss that compares each element of the output with an element of the target, and averages over all elements.</summary>
internal abstract class ElementwiseLoss : LossLayer
{
    protected virtual string Measures(LayerCall call) => "Regression";

    protected sealed override LossTerms? Compare(LayerCall call, LayerScope scope, LayerValue output, object? target)
    {
        if (Body(call, scope) is not { } body) return null;
        if (target is not null and not LayerValue)
        {
            var number = Convert.ToDouble(target, LayerNames.Invariant);
            if (Measures(call) == "Binary" && number is not (>= 0 and <= 1))
            {
                scope.Report(Problem.At(
                    Descriptors.ArgumentOutOfRange.Id, call.Site, "target", call.Kind, number.ToString("R", LayerNames.Invariant), "a probability, from 0 to 1"));
                return null;
            }

            var compared = ExprWalk.Substitute(body, [Expressions.Input(0), Expressions.Const(number)]);
            return new LossTerms(GraphBuilder.Pointwise("losses", compared, output.Node), Activate(call, output.Node), Measures(call));
        }

        var node = target is LayerValue given ? LossTargets.Given(scope, output, given) : LossTargets.Like(call, scope, output);
        if (node is null) return null;
        return new LossTerms(GraphBuilder.Pointwise("losses", body, output.Node, node), Activate(call, output.Node), Measures(call)) { Target = node };
    }

    /// <summary>Returns the loss of one element: leaf 0 is the output, leaf 1 the target.</summary>
    protected abstract Expr? Body(LayerCall call, LayerScope scope);

    /// <summary>Applies the output activation.</summary>
    protected virtual Node Activate(LayerCall call, Node output) => output;
}
