using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>The user's own F(output, target), averaged over all elements. Null when it could not be read, which has been reported.</summary>
internal sealed class CustomLoss : ElementwiseLoss
{
    public override string Kind => "Loss";

    protected override string Measures => "Custom";

    protected override Expr? Body(LayerCall call, LayerScope scope) => call.Function("function")?.Body;
}
