using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Attention with a projection to queries, keys and values before it and a projection of the result after it. Parameters have the names of PyTorch's <c>MultiheadAttention</c>.
/// </summary>
internal abstract class AttentionLayer : Layer
{
    /// <summary>The number of heads; null after reporting that it does not divide the width.</summary>
    protected static int? HeadsOf(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (input.Shape.Rank != 3) return Nothing(scope.NotAccepted("positions with a vector each, [N, T, width]", ""));
        var heads = call.Int("heads");
        if (!scope.Require(heads > 0, "heads", "positive")) return null;
        if (input.Width % heads == 0) return heads;
        var below = input.Width / heads * heads;
        var widths = below > 0 ? $"{below} or {below + heads}" : $"{heads}";
        var divisors = Enumerable.Range(1, input.Width).Where(divisor => input.Width % divisor == 0).OrderBy(divisor => Math.Abs(divisor - heads)).ToArray();
        var suggestion = $"widths that would do are {widths}; did you mean {divisors[0]} heads?";
        return Nothing(scope.ArgumentNotAccepted("heads", $"a width that {heads} heads share evenly", suggestion, Repair.Write(call.SiteOf("heads"), $"{divisors[0]}", $"Write {divisors[0]} heads")));

        static int? Nothing(LayerValue? _) => null;
    }

    /// <summary>x·Wᵀ + b for some rows of a weight and its bias, as heads: [N, T, in] → [N, T, heads, d].</summary>
    /// <param name="scope">The layer.</param>
    /// <param name="what">The name of the result.</param>
    /// <param name="input">The value that is projected.</param>
    /// <param name="weight">All rows, [rows, in].</param>
    /// <param name="bias">All biases; null for none.</param>
    /// <param name="weightStart">The first row.</param>
    /// <param name="biasStart">The first bias.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="size">The number of values of each head.</param>
    protected static Node Project(LayerScope scope, string what, Node input, Node weight, Node? bias, int weightStart, int biasStart, int heads, int size)
    {
        var (name, rows) = (scope.NodeName + what, heads * size);
        var part = GraphBuilder.Slice(name + "Weight", weight, [weightStart, 0], Shape.Of(rows, weight.Shape[1]));
        var product = GraphBuilder.Product(name, input, part);
        if (bias is not null)
        {
            var added = GraphBuilder.Slice(name + "Bias", bias, [biasStart], Shape.Of(rows));
            product = GraphBuilder.Map(name, product.Shape, Add(Input(0), Input(1)), Operand.Whole(product), Operand.Trailing(added, product.Shape.Rank));
        }

        return GraphBuilder.Reshape(name, Shape.Of(Extent.Batch, input.Shape[1], heads, size), product);
    }

    /// <summary>A range of the heads.</summary>
    protected static Node Heads(LayerScope scope, string what, Node all, int start, int count) => GraphBuilder.Slice(
        scope.NodeName + what, all, [0, 0, start, 0], Shape.Of(Extent.Batch, all.Shape[1], count, all.Shape[3]));

    /// <summary>The product of the merged heads and <c>out_proj</c>: [N, T, heads, d] → [N, T, width]; null after an error was reported.</summary>
    protected static LayerValue? Finish(LayerCall call, LayerScope scope, LayerValue input, Node heads)
    {
        var (name, width) = (scope.NodeName, input.Width);
        if (Initializers.Of(scope, "initializer", "GlorotUniform", width, width) is not { } fill) return null;
        if (scope.Parameter("out_proj.weight", fill, width, width) is not { } weight) return null;
        var merged = GraphBuilder.Reshape(name + "Merged", input.Shape, heads);
        var output = GraphBuilder.Product(name, merged, weight);
        if (!call.Flag("useBias", true)) return input with { Node = output };
        if (scope.Parameter("out_proj.bias", Initializers.Zeros, width) is not { } bias) return null;
        return input with { Node = GraphBuilder.Map(name, output.Shape, Add(Input(0), Input(1)), Operand.Whole(output), Operand.Trailing(bias, 3)) };
    }
}
