using ModelDsl;

namespace TextClassifier;

/// <summary>
/// Says whether a review is positive: each character becomes 32 numbers, a convolution looks for patterns of seven characters, the strongest match of five
/// positions is kept, and an LSTM reads what is left from the beginning to the end.
/// </summary>
[Model]
[TokenInput(Reviews.Length, Reviews.Vocabulary)]
[Embedding(32)]
[Conv1D(32, 7), Relu]
[MaxPool1D(5)]
[Lstm(50)]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class ReviewModel;
