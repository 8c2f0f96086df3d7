using ModelDsl;

namespace Translate;

/// <summary>
/// The same with LSTMs. The state after the source is the state with which the second LSTM begins to write, and at each position attention reads what the first LSTM has made of
/// the source.
/// </summary>
[Model, Generates, SoftmaxCrossEntropy]
public sealed partial class RecurrentModel
{
    private const int Width = 96;

    private static Tensor Forward(
        [TokenInput(Pairs.SourceLength, Pairs.Vocabulary, Padding = CharacterTokenizer.Padding)] Tensor source,
        [TokenInput(Pairs.TargetLength, Pairs.Vocabulary, Padding = CharacterTokenizer.Padding)] Tensor target)
    {
        var (memory, end) = source.Embedding(Width).Lstm((Tensor.Zeros(Width), Tensor.Zeros(Width)), Width, returnSequences: true);
        var (written, _) = target.Embedding(Width).Lstm(end, Width, returnSequences: true);
        return (written + written.CrossAttention(memory, heads: 1)).Dense(Pairs.Vocabulary);
    }
}
