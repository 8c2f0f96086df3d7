using ModelDsl;

namespace TextClassifier;

/// <summary>The same network with a second LSTM that reads from the end to the beginning.</summary>
[Model]
[TokenInput(Reviews.Length, Reviews.Vocabulary)]
[Embedding(32)]
[Conv1D(32, 7), Relu]
[MaxPool1D(5)]
[Lstm(50, Bidirectional = true)]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class BidirectionalModel;
