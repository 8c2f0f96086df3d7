namespace ModelDsl;

/// <summary>Options of <see cref="BpeTokenizer.Load(string, BpeOptions)"/>.</summary>
public sealed class BpeOptions
{
    /// <summary>
    /// Special tokens in addition to those that the files name and to tokens that look like <c>&lt;|endoftext|&gt;</c>, <c>&lt;pad&gt;</c> or <c>[MASK]</c>: tokens of the vocabulary that no
    /// merge makes.
    /// </summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>
    /// The special token that pads samples; null for <c>&lt;pad&gt;</c>, <c>&lt;|pad|&gt;</c> or <c>[PAD]</c> if there is one, otherwise the end of text. A vocabulary without special tokens
    /// gets one more id for padding.
    /// </summary>
    public string? PaddingToken { get; init; }

    /// <summary>
    /// Whether special tokens in a text, other than padding, become their ids. By default they are ordinary text, so that a text from elsewhere cannot contain them. Hugging Face does the
    /// former, and <c>encode_ordinary</c> of tiktoken the latter.
    /// </summary>
    public bool ParseSpecialTokens { get; init; }
}
