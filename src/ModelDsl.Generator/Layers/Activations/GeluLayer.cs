using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>x · Φ(x), exactly with the error function, or with its tanh approximation (Hendrycks and Gimpel, 2016).</summary>
internal sealed class GeluLayer : PointwiseLayer
{
    public override string Kind => "Gelu";

    protected override Expr? Body(LayerCall call, LayerScope scope)
    {
        var x = Input(0);
        var curve = call.Flag("approximate")
            ? Tanh(Multiply(Const(Math.Sqrt(2 / Math.PI)), Add(x, Multiply(Const(0.044715), Multiply(x, Multiply(x, x))))))
            : Erf(Multiply(x, Const(Math.Sqrt(0.5))));
        return Multiply(Multiply(Const(0.5), x), Add(One, curve));
    }
}
