namespace ModelDsl;

/// <summary>
/// The model's input: a sequence of token ids, int <c>[N, T]</c>, each id in 0 … vocabulary − 1. It is usually followed by
/// an <see cref="EmbeddingAttribute"/>.
/// </summary>
/// <param name="length">T, the number of tokens in one sample; positive.</param>
/// <param name="vocabulary">The number of different tokens; positive.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, AllowMultiple = true, Inherited = false)]
public sealed class TokenInputAttribute(int length, int vocabulary) : LayerAttribute
{
    /// <summary>T, the number of tokens in one sample.</summary>
    public int Length { get; } = length;

    /// <summary>The number of different tokens.</summary>
    public int Vocabulary { get; } = vocabulary;

    /// <summary>
    /// The token that pads samples shorter than T. Losses per position, and means and sums over positions (<c>Mean(0)</c>, <c>Sum(0)</c>,
    /// <see cref="GlobalAveragePoolAttribute"/>), then ignore it; all other layers treat it as any other token. By default all positions count.
    /// Tokenizers define an id for it that no text has: <c>Padding = CharacterTokenizer.Padding</c>, <c>Padding = ByteTokenizer.Padding</c>.
    /// </summary>
    public int Padding { get; set; } = -1;

    /// <summary>
    /// Shorter lengths that the model is also compiled for, in ascending order, all less than T. A batch is computed with the shortest length that holds its longest sample, without
    /// the padding at its end, and with T if there is none. Results are the same in every length, so the network must not read padding. Needs <see cref="Padding"/>.
    /// </summary>
    public int[] Buckets { get; set; } = [];
}
