using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>x / √(mean x² + ε) · weight over the last axis (Zhang and Sennrich, 2019).</summary>
internal sealed class RmsNormLayer : Layer
{
    public override string Kind => "RmsNorm";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var epsilon = call.Number("epsilon", 1e-6);
        if (!scope.Require(epsilon > 0, "epsilon", "positive")) return null;
        var (x, name) = (input.Node, scope.NodeName);
        var squares = GraphBuilder.ReduceLast(name + "Squares", ReduceOp.Sum, x.Shape, Multiply(Input(0), Input(0)), Operand.Whole(x));
        var mean = Multiply(Input(0), Const(1.0 / input.Width));
        var scale = GraphBuilder.Pointwise(name + "Scale", Divide(One, Sqrt(Add(mean, Const(epsilon)))), squares);
        var normal = GraphBuilder.Pointwise(name + "Normal", Multiply(Input(0), Input(1)), x, scale);
        return Affine.Lower(scope, input with { Node = normal }, call.Flag("useScale", true), useBias: false);
    }
}
