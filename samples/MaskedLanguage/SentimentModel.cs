using ModelDsl;

namespace MaskedLanguage;

/// <summary>Says whether a review is positive, from the mean of what the trunk makes of its characters.</summary>
[Model, SoftmaxCrossEntropy]
public sealed partial class SentimentModel
{
    private readonly Trunk trunk = new();

    private Tensor Forward([TokenInput(ReviewTexts.Length, ReviewTexts.Tokens, Padding = CharacterTokenizer.Padding)] Tensor tokens) =>
        tokens.Apply(trunk).GlobalAveragePool().Dropout(0.1).Dense(2);
}
