namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>GPT-2 with the token table as its output layer, and sizes of its own.</summary>
[Model, Generates, SoftmaxCrossEntropy]
internal sealed partial class TinyGpt2
{
    [Weight(11, 8, Name = "wte")]
    private static partial Tensor Words { get; }

    private static Tensor Forward([TokenInput(6, 11)] Tensor tokens)
    {
        var x = Words.Gather(tokens).PositionalEmbedding(name: "wpe");
        for (var i = 0; i < 2; i++)
            x = x.TransformerEncoder(2, 32, TransformerActivation.GeluTanh, normFirst: true, causal: true);
        return x.LayerNorm(name: "ln_f").MatMul(Words.Transpose());
    }
}

/// <summary>A layer of GPT-2.</summary>
[Block, TransformerEncoder(2, 32, NormFirst = true, Causal = true, Activation = TransformerActivation.GeluTanh)]
internal sealed partial class Layer;

/// <summary>GPT-2 as a list of layers, with an output layer of its own.</summary>
[Model, TokenInput(6, 11), Embedding(8), PositionalEmbedding, Repeat<Layer>(2), LayerNorm, Dense(11, UseBias = false), SoftmaxCrossEntropy]
internal sealed partial class ListedGpt2;

/// <summary>BERT: the states of all positions, and the pooled state of the first.</summary>
[Model]
internal sealed partial class TinyBert
{
    private static (Tensor states, Tensor pooled) Forward([TokenInput(6, 11, Padding = 0)] Tensor tokens, [TokenInput(6, 2)] Tensor segments)
    {
        var x = (tokens.Embedding(8) + segments.Embedding(8)).PositionalEmbedding().LayerNorm(epsilon: 1e-12);
        for (var i = 0; i < 2; i++)
            x = x.TransformerEncoder(2, 32, TransformerActivation.Gelu, epsilon: 1e-12);
        return (x, x[0].Dense(8, name: "pooler").Tanh());
    }

    [Loss]
    private static Tensor Distance(Tensor pooled, [Target(8)] Tensor target) => pooled.MeanSquaredError(target);
}

/// <summary>The recurrent layers and the layers of Transformers that PyTorch has modules for, side by side.</summary>
[Model]
internal sealed partial class Modules
{
    private static (Tensor lstm, Tensor lstm2, Tensor gru, Tensor attention, Tensor postNorm, Tensor preNorm) Forward([Input(6, 8)] Tensor x) =>
        (x.Lstm(3, returnSequences: true),
            x.Lstm(3, layers: 2, bidirectional: true, returnSequences: true),
            x.Gru(3, returnSequences: true),
            x.SelfAttention(2),
            x.TransformerEncoder(2, 16),
            x.TransformerEncoder(2, 16, TransformerActivation.Gelu, normFirst: true));

    [Loss]
    private static Tensor Sum(Tensor lstm, Tensor lstm2, Tensor gru, Tensor attention, Tensor postNorm, Tensor preNorm) =>
        lstm.Square().Mean() + lstm2.Square().Mean() + gru.Square().Mean() + attention.Square().Mean() + postNorm.Square().Mean() + preNorm.Square().Mean();
}
