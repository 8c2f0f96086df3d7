using ModelDsl;

namespace TextClassifier;

/// <summary>A small Transformer encoder and the mean over the positions of its output. Neither attention nor the mean reads padding.</summary>
[Model]
[TokenInput(Reviews.Length, Reviews.Vocabulary, Padding = CharacterTokenizer.Padding)]
[Embedding(32), PositionalEmbedding, Dropout(0.1)]
[TransformerEncoder(heads: 2, hidden: 64, Dropout = 0.1)]
[GlobalAveragePool, Dropout(0.1)]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class EncoderModel;
