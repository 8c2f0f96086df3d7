namespace ModelDsl.Benchmarks.Generation;

/// <summary>A deep model as source text.</summary>
internal static class TwelveBlocks
{
    public static string Source(int width) => $$"""
        using ModelDsl;

        [Block, LayerNorm, Dense({{4 * width}}), Gelu, Dense({{width}}), Dropout(0.1)]
        internal sealed partial class FeedForward;

        [Model]
        [TokenInput(32, 96)]
        [Embedding({{width}}), PositionalEmbedding]
        [Repeat<Layer>(12)]
        [LayerNorm]
        [Dense(96)]
        [SoftmaxCrossEntropy]
        public sealed partial class Deep;

        [Block, Residual<FeedForward>]
        internal sealed partial class Layer;
        """;
}
