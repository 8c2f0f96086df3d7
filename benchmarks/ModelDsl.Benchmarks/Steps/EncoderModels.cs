namespace ModelDsl.Benchmarks.Steps;

/// <summary>Two layers of a Transformer over the embeddings of a text.</summary>
[Block]
[Embedding(64), PositionalEmbedding]
[TransformerEncoder(heads: 4, hidden: 256), TransformerEncoder(heads: 4, hidden: 256)]
[GlobalAveragePool, Dense(2)]
internal sealed partial class TextEncoder;

/// <summary>A classifier of texts of at most 512 tokens, which always computes 512 positions.</summary>
[Model]
[TokenInput(512, 4_000, Padding = 0)]
[Apply<TextEncoder>, SoftmaxCrossEntropy]
public sealed partial class PaddedEncoderModel;

/// <summary>The same classifier, compiled for shorter lengths too.</summary>
[Model]
[TokenInput(512, 4_000, Padding = 0, Buckets = new[] { 64, 128, 256 })]
[Apply<TextEncoder>, SoftmaxCrossEntropy]
public sealed partial class BucketEncoderModel;
