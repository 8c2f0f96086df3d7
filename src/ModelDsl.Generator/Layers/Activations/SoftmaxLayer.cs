using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>exp(x − log Σ exp x) over the last axis.</summary>
internal sealed class SoftmaxLayer : Layer
{
    public override string Kind => "Softmax";

    public override Value? Lower(LayerCall call, LayerScope scope, Value input)
    {
        var normalizer = GraphBuilder.LogSumExp(scope.NodeName + "LogSumExp", input.Node);
        return input with { Node = GraphBuilder.Pointwise(scope.NodeName, Exp(Subtract(Input(0), Input(1))), input.Node, normalizer) };
    }
}
