using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>An activation: one expression of the input's elements, which is built in or a user's function.</summary>
internal abstract class PointwiseLayer : Layer
{
    public sealed override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input) =>
        Body(call, scope) is { } body ? input with { Node = GraphBuilder.Pointwise(scope.NodeName, body, input.Node) } : null;

    /// <summary>Returns the expression of leaf 0; null after reporting.</summary>
    protected abstract Expr? Body(LayerCall call, LayerScope scope);
}
