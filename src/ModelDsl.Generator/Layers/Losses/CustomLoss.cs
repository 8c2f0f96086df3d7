using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>A user's function F(output, target), averaged over all elements. Null if it could not be read, which has been reported.</summary>
internal sealed class CustomLoss : ElementwiseLoss
{
    public override string Kind => "Loss";

    /// <summary>Metrics treat a loss on logits of binary decisions as a binary cross-entropy, for any formula.</summary>
    protected override string Measures(LayerCall call) => ActivationOf(call) == "Sigmoid" ? "Binary" : "Custom";

    protected override string NameOf(LayerCall call) => call.Function("function")?.Name ?? Kind;

    protected override string? Applies(LayerCall call) => ActivationOf(call) is "None" ? null : ActivationOf(call);

    protected override Expr? Body(LayerCall call, LayerScope scope) => call.Function("function")?.Body;

    protected override Node Activate(LayerCall call, Node output) => ActivationOf(call) switch
    {
        "Sigmoid" => GraphBuilder.Pointwise("probabilities", Sigmoid(Input(0)), output),
        "Exp" => GraphBuilder.Pointwise("predictions", Exp(Input(0)), output),
        _ => output,
    };

    private static string ActivationOf(LayerCall call) => call.Word("outputActivation", "None");
}
