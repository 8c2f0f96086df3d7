using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>1 / (1 + exp(−x)).</summary>
internal sealed class SigmoidLayer : PointwiseLayer
{
    public override string Kind => "Sigmoid";

    protected override Expr? Body(LayerCall call, LayerScope scope) => Sigmoid(Input(0));
}
