using ModelDsl;

namespace CharGpt;

/// <summary>
/// GPT-2 with 124 million weights (Radford et al., 2019), for the option --weights. For a larger one, change the constants to those of its config.json: 24, 16 and 1024 are the layers, heads and width of
/// gpt2-medium, for example. The weights are frozen because nothing trains them here; without gradients less code is generated, and less memory is needed.
/// </summary>
[Model, Generates, SoftmaxCrossEntropy]
public sealed partial class Gpt2
{
    /// <summary>The number of layers, n_layer in config.json.</summary>
    public const int Layers = 12;

    /// <summary>The number of heads of attention, n_head.</summary>
    public const int Heads = 12;

    /// <summary>The width of a layer, n_embd.</summary>
    public const int Width = 768;

    /// <summary>The number of positions, n_positions.</summary>
    public const int Context = 1024;

    /// <summary>The number of token ids, vocab_size.</summary>
    public const int Vocabulary = 50_257;

    /// <summary>The activation between the dense layers, activation_function.</summary>
    public const TransformerActivation Activation = TransformerActivation.GeluTanh;

    /// <summary>ε of the normalizations, layer_norm_epsilon.</summary>
    public const double Epsilon = 1e-5;

    // The first layer and the last one share this table.
    [Weight(Vocabulary, Width, Name = "wte", Frozen = true)]
    private static partial Tensor Words { get; }

    private static Tensor Forward([TokenInput(Context, Vocabulary)] Tensor tokens)
    {
        var x = Words.Gather(tokens).PositionalEmbedding(frozen: true);
        for (var i = 0; i < Layers; i++)
            x = x.TransformerEncoder(Heads, 4 * Width, Activation, normFirst: true, epsilon: Epsilon, causal: true, frozen: true);
        return x.LayerNorm(epsilon: Epsilon, frozen: true).MatMul(Words.Transpose());
    }
}
