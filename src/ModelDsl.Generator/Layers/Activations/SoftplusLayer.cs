using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>log(1 + exp x), computed without overflow.</summary>
internal sealed class SoftplusLayer : PointwiseLayer
{
    public override string Kind => "Softplus";

    protected override Expr? Body(LayerCall call, LayerScope scope) => Softplus(Input(0));
}
