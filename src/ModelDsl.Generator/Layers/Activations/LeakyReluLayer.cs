using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>x for positive x, slope · x otherwise.</summary>
internal sealed class LeakyReluLayer : PointwiseLayer
{
    public override string Kind => "LeakyRelu";

    protected override Expr? Body(LayerCall call, LayerScope scope) =>
        Select(Less(Zero, Input(0)), Input(0), Multiply(Const(call.Number("slope", 0.01)), Input(0)));
}
