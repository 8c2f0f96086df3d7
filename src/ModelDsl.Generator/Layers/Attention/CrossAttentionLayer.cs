using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Attention of a sequence to another: [N, T, width] and [N, S, memoryWidth] → [N, T, width].</summary>
/// <param name="memory">The other sequence; null in the table of layers.</param>
internal sealed class CrossAttentionLayer(LayerValue? memory = null) : AttentionLayer
{
    public override string Kind => "CrossAttention";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (AttentionRule.Of(call, scope) is not { } rule || HeadsOf(call, scope, input) is not { } heads) return null;
        var source = memory ?? throw new InvalidOperationException("Attention to another sequence needs one.");
        if (!TensorFunctions.AreNumbers(scope, source)) return null;
        if (source.Shape.Rank != 3 || !source.Shape.HasBatch)
        {
            return (scope with { Input = source }).NotAccepted("a memory of positions with a vector each, [N, S, width]", "");
        }

        var (width, size) = (input.Width, input.Width / heads);
        if (!scope.Fits("The scores of the attention", heads, input.Shape[1].Value, source.Shape[1].Value)) return null;
        if (Initializers.Of(scope, "initializer", "GlorotUniform", width, width) is not { } fill) return null;
        if (Initializers.Of(scope, "initializer", "GlorotUniform", source.Width, width) is not { } fillOfMemory) return null;
        var isShared = source.Width == width;
        var shared = isShared ? scope.Parameter("in_proj_weight", fill, 3 * width, width) : null;
        ParameterNode?[] own = isShared
            ? []
            :
            [
                scope.Parameter("q_proj_weight", fill, width, width),
                scope.Parameter("k_proj_weight", fillOfMemory, width, source.Width),
                scope.Parameter("v_proj_weight", fillOfMemory, width, source.Width),
            ];
        if ((isShared && shared is null) || own.Contains(null)) return null;
        var bias = call.Flag("useBias", true) ? scope.Parameter("in_proj_bias", Initializers.Zeros, 3 * width) : null;
        Node Part(string what, Node from, int number) =>
            Project(scope, what, from, shared ?? own[number]!, bias, isShared ? number * width : 0, number * width, heads, size);

        var attention = new Attention(scope, rule, source.Mask);
        return Finish(call, scope, input, attention.Lower(Part("Query", input.Node, 0), Part("Key", source.Node, 1), Part("Value", source.Node, 2)));
    }
}
