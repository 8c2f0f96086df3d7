using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>An activation: one expression over the input's elements, built in or the user's.</summary>
internal abstract class PointwiseLayer : Layer
{
    public sealed override Value? Lower(LayerCall call, LayerScope scope, Value input) =>
        Body(call, scope) is { } body ? input with { Node = GraphBuilder.Pointwise(scope.NodeName, body, input.Node) } : null;

    /// <summary>The expression over leaf 0; null after a reported problem.</summary>
    protected abstract Expr? Body(LayerCall call, LayerScope scope);
}
