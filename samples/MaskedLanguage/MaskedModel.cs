using ModelDsl;

namespace MaskedLanguage;

/// <summary>
/// Guesses the characters at some positions of a text. Only these positions reach the last layer: it has a logit for each character, and would take longer than the trunk if it
/// read all positions. Positions that are not in use have a label that does not count.
/// </summary>
[Model, SoftmaxCrossEntropy(Ignore = MaskedTexts.NoLabel)]
public sealed partial class MaskedModel
{
    private readonly Trunk trunk = new();

    private Tensor Forward(
        [TokenInput(ReviewTexts.Length, ReviewTexts.Tokens, Padding = CharacterTokenizer.Padding)] Tensor tokens,
        [TokenInput(MaskedTexts.Targets, ReviewTexts.Length)] Tensor positions)
    {
        // A row of the unit matrix times the output of the trunk is the output at one position.
        var rows = Tensor.Constant((i, j) => i == j ? 1 : 0, ReviewTexts.Length, ReviewTexts.Length).Gather(positions);
        return rows.MatMul(tokens.Apply(trunk)).Dense(ReviewTexts.Vocabulary);
    }
}
