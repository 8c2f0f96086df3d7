using ModelDsl;

namespace TextClassifier;

/// <summary>
/// Says whether a review is positive: each character becomes 32 numbers, a convolution looks for patterns of seven characters, the strongest match of five
/// positions is kept, and an LSTM reads what is left from the beginning to the end.
/// </summary>
[Model]
[TokenInput(Length, Vocabulary)]
[Embedding(32)]
[Conv1D(32, 7), Relu]
[MaxPool1D(5)]
[Lstm(50)]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class ReviewModel
{
    /// <summary>The number of characters that the model reads.</summary>
    public const int Length = 100;

    /// <summary>The number of token ids: padding, the unknown character, and known characters.</summary>
    public const int Vocabulary = 4000;
}
