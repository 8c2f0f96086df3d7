namespace ModelDsl;

/// <summary>
/// The model's input: a sequence of token ids. Input of the model: int <c>[N, T]</c>, every id in 0 … vocabulary − 1. Usually followed by
/// an <see cref="EmbeddingAttribute"/>.
/// </summary>
/// <param name="length">T, the number of tokens in one sample; positive.</param>
/// <param name="vocabulary">How many different tokens there are; positive.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, AllowMultiple = true, Inherited = false)]
public sealed class TokenInputAttribute(int length, int vocabulary) : LayerAttribute
{
    /// <summary>T, the number of tokens in one sample.</summary>
    public int Length { get; } = length;

    /// <summary>How many different tokens there are.</summary>
    public int Vocabulary { get; } = vocabulary;

    /// <summary>
    /// The token that fills up samples shorter than T. Losses of positions and means over them (<c>Mean(0)</c>, <c>Sum(0)</c>,
    /// <see cref="GlobalAveragePoolAttribute"/>) then leave it out; everything else takes it for a token like any other. Left out, all positions count.
    /// Tokenizers have an id for it that no text has: <c>Padding = CharacterTokenizer.Padding</c>, <c>Padding = ByteTokenizer.Padding</c>.
    /// </summary>
    public int Padding { get; set; } = -1;
}
