using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Attention of a sequence to itself: [N, T, width] → the same. One product gives queries, keys and values.</summary>
internal sealed class SelfAttentionLayer : AttentionLayer
{
    public override string Kind => "SelfAttention";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (AttentionRule.Of(call, scope) is not { } rule || HeadsOf(call, scope, input) is not { } heads) return null;
        var groups = call.Int("keyValueHeads") is var given && given == 0 ? heads : given;
        if (!scope.Require(groups > 0 && heads % groups == 0, "keyValueHeads", $"0, or a divisor of the {heads} heads")) return null;
        var (size, rope, @base) = (input.Width / heads, call.Flag("rope"), call.Number("ropeBase", 10_000));
        if (!Rotary.HasBase(scope, "ropeBase", @base)) return null;
        if (rope && size % 2 != 0) return scope.ArgumentNotAccepted("rope", "heads of an even size", $"{heads} heads of {input.Width} values have {size} each");

        var all = heads + (2 * groups);
        if (!scope.Fits("The scores of the attention", heads, input.Shape[1].Value, input.Shape[1].Value)) return null;
        if (Initializers.Of(scope, "initializer", "GlorotUniform", input.Width, input.Width) is not { } fill) return null;
        if (scope.Parameter("in_proj_weight", fill, all * size, input.Width) is not { } weight) return null;
        var bias = call.Flag("useBias", true) ? scope.Parameter("in_proj_bias", Initializers.Zeros, all * size) : null;
        var projected = Project(scope, "Projection", input.Node, weight, bias, 0, 0, all, size);

        // Queries come first, then keys, then values.
        var asked = rope ? Rotary.Rotate(scope, projected, heads + groups, @base) : projected;
        var attention = new Attention(scope, rule, input.Mask);
        var result = attention.Lower(
            Heads(scope, "Query", asked, 0, heads), Heads(scope, "Key", asked, heads, groups), Heads(scope, "Value", projected, heads + groups, groups));
        return Finish(call, scope, input, result);
    }
}
