using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>A user's function, handled like the built-in activations. Null if it could not be read, which has been reported.</summary>
internal sealed class ActivationLayer : PointwiseLayer
{
    public override string Kind => "Activation";

    protected override Expr? Body(LayerCall call, LayerScope scope) =>
        call.Function("function")?.Body;
}
