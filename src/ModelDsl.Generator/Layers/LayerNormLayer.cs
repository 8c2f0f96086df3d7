using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>(x − mean) / √(variance + ε) · weight + bias over the last axis, the variance being the biased one (Ba et al., 2016).</summary>
internal sealed class LayerNormLayer : Layer
{
    public override string Kind => "LayerNorm";

    public override Value? Lower(LayerCall call, LayerScope scope, Value input)
    {
        var epsilon = call.Number("epsilon", 1e-5);
        if (!scope.Require(epsilon > 0, "epsilon", "positive")) return null;
        var (x, name, each) = (input.Node, scope.NodeName, Const(1.0 / input.Width));
        var sum = GraphBuilder.ReduceLast(name + "Sum", ReduceOp.Sum, x.Shape, Input(0), Operand.Whole(x));
        var mean = GraphBuilder.Pointwise(name + "Mean", Multiply(Input(0), each), sum);
        var difference = Subtract(Input(0), Input(1));
        var squares = GraphBuilder.ReduceLast(
            name + "Squares", ReduceOp.Sum, x.Shape, Multiply(difference, difference), Operand.Whole(x), Operand.Whole(mean));
        var scale = GraphBuilder.Pointwise(name + "Scale", Divide(One, Sqrt(Add(Multiply(Input(0), each), Const(epsilon)))), squares);
        var normal = GraphBuilder.Pointwise(name + "Normal", Multiply(difference, Input(2)), x, mean, scale);
        return Affine.Lower(scope, input with { Node = normal }, call.Flag("useScale", true), call.Flag("useBias", true));
    }
}
