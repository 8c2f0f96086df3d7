using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>(x − mean) / √(variance + ε) · weight + bias over the last axis, with the biased variance (Ba et al., 2016).</summary>
internal sealed class LayerNormLayer : Layer
{
    public override string Kind => "LayerNorm";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var epsilon = call.Number("epsilon", 1e-5);
        if (!scope.Require(epsilon > 0, "epsilon", "positive")) return null;
        var (x, name) = (input.Node, scope.NodeName);
        var moments = Moments.Of(name, x, [.. Enumerable.Range(0, x.Shape.Rank - 1)]);
        var normal = GraphBuilder.Pointwise(name + "Normal", Multiply(Subtract(Input(0), Input(1)), Input(2)), x, moments.Mean, moments.Scale(epsilon));
        return Affine.Lower(scope, input with { Node = normal }, call.Flag("useScale", true), call.Flag("useBias", true));
    }
}
