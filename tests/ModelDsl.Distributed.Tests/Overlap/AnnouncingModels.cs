namespace ModelDsl.Distributed.Tests.Overlap;

/// <summary>A recurrent network of samples of different lengths: each length has a backward pass of its own.</summary>
[Model]
[TokenInput(24, 300, Padding = 0, Buckets = new[] { 8, 16 })]
[Embedding(96), Lstm(96, Bidirectional = true), Dense(96), Relu, Dense(3)]
[SoftmaxCrossEntropy]
public sealed partial class RecurrentBuckets;

/// <summary>So many classes that their numbers are computed for a block of rows at a time.</summary>
[Model]
[TokenInput(6, 9000)]
[Embedding(16), LayerNorm, Dense(9000, UseBias = false)]
[SoftmaxCrossEntropy]
public sealed partial class ManyClasses;

/// <summary>A table that is also the last layer: its gradients are complete at the end of the pass.</summary>
[Model, SoftmaxCrossEntropy]
public sealed partial class TiedTable
{
    [Weight(400, 64, Init = Init.Normal)]
    private static partial Tensor Words { get; }

    private static Tensor Forward([TokenInput(length: 8, vocabulary: 400)] Tensor tokens) =>
        Words.Gather(tokens).PositionalEmbedding().LayerNorm().Dense(256).Gelu().Dense(64).MatMul(Words.Transpose());
}
