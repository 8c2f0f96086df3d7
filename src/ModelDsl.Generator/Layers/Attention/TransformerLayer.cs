using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// A layer of a Transformer, composed of other layers with the names of PyTorch: attentions and two dense layers, each with dropout, a residual connection and a normalization.
/// </summary>
internal abstract class TransformerLayer : CompoundLayer
{
    private static readonly string[] OfWeights = ["weightDecay"];

    /// <summary>The arguments of self-attention that such a layer passes on.</summary>
    protected static readonly string[] OfAttention = ["heads", "keyValueHeads", "causal", "window", "dropout", "rope", "ropeBase", "alibi", "weightDecay"];

    /// <summary>Lowers the layer's sublayers in order. Each takes a value and returns the next.</summary>
    /// <param name="sublayers">The layers that it consists of.</param>
    /// <param name="input">The input.</param>
    /// <param name="attentions">The attentions, in order.</param>
    protected static LayerValue? Lower(Sublayers sublayers, LayerValue input, params Func<LayerValue, LayerValue?>[] attentions)
    {
        var call = sublayers.Call;
        if (!sublayers.Scope.Require(call.Int("hidden") > 0, "hidden", "positive")) return null;
        Func<LayerValue, LayerValue?>[] steps = [.. attentions, x => FeedForward(sublayers, x)];
        var value = (LayerValue?)input;
        for (var i = 0; i < steps.Length && value is not null; i++) value = Step(sublayers, value, steps[i], i + 1);
        return value;
    }

    private static LayerValue? Step(Sublayers sublayers, LayerValue input, Func<LayerValue, LayerValue?> branch, int number)
    {
        LayerValue? Norm(LayerValue value) => sublayers.Add(new LayerNormLayer(), $"norm{number}", value, OfWeights, ("epsilon", sublayers.Call.Number("epsilon", 1e-5)));
        var isFirst = sublayers.Call.Flag("normFirst");
        if ((isFirst ? Norm(input) : input) is not { } inner || branch(inner) is not { } output) return null;
        if (sublayers.Add(new DropoutLayer(), $"dropout{number}", output, [], ("rate", sublayers.Call.Number("dropout", 0))) is not { } dropped) return null;
        var sum = input with { Node = GraphBuilder.Pointwise($"{sublayers.Scope.NodeName}Sum{number}", Add(Input(0), Input(1)), input.Node, dropped.Node) };
        return isFirst ? sum : Norm(sum);
    }

    private static LayerValue? FeedForward(Sublayers sublayers, LayerValue input)
    {
        if (sublayers.Add(new DenseLayer(), "linear1", input, OfWeights, ("units", sublayers.Call.Int("hidden"))) is not { } wide) return null;
        var (layer, arguments) = sublayers.Call.Word("activation", "Relu") switch
        {
            "Gelu" => ((Layer)new GeluLayer(), Array.Empty<(string, object)>()),
            "GeluTanh" => (new GeluLayer(), [("approximate", true)]),
            "Silu" => (new SiluLayer(), []),
            _ => (new ReluLayer(), []),
        };
        if (sublayers.Add(layer, "activation", wide, [], arguments) is not { } active) return null;
        return sublayers.Add(new DropoutLayer(), "dropout", active, [], ("rate", sublayers.Call.Number("dropout", 0))) is { } dropped
            ? sublayers.Add(new DenseLayer(), "linear2", dropped, OfWeights, ("units", input.Width))
            : null;
    }

    /// <summary>The layers that it consists of.</summary>
    protected sealed class Sublayers(LayerCall call, LayerScope scope)
    {
        private readonly BlockScope block = new(call.Kind, scope.Path, scope.Block.Depth + 1, scope.IsFrozen);

        public LayerCall Call => call;

        public LayerScope Scope => scope;

        /// <summary>Lowers a layer with its name, the arguments that are passed on from the whole, and additional arguments.</summary>
        public LayerValue? Add(Layer layer, string name, LayerValue input, IEnumerable<string> passedOn, params (string Name, object Value)[] more)
        {
            // A layer without effect needs no line in the summary.
            if (layer is DropoutLayer && more.Any(argument => argument is { Name: "rate", Value: 0.0 })) return input;
            var given = more.Select(argument => new ArgumentSpec(argument.Name, argument.Value)).Concat(call.Only(passedOn));
            var spec = new LayerSpec(layer.Kind, given.ToEquatableArray(), EquatableArray<string>.Empty, call.Site).Named(name);
            return LayerLists.LowerOne(layer, new LayerCall(spec), block, scope.State, input);
        }
    }
}
