using ModelDsl.Bpe;

namespace ModelDsl;

/// <summary>Options of <see cref="BpeTokenizer.FromTexts"/>.</summary>
public sealed class BpeTrainingOptions
{
    /// <summary>The least number of ids without special tokens: one for each byte.</summary>
    private const int Bytes = 256;

    /// <summary>
    /// The number of ids, special tokens included: the <c>vocabulary</c> of the model's <c>TokenInput</c>. At least 256 more than there are special tokens. Texts with too few pairs of
    /// sufficient frequency give fewer ids.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 256.</exception>
    public required int VocabularySize
    {
        get;
        init => field = ArgumentCheck.AtLeast(value, Bytes);
    }

    /// <summary>How often a pair of tokens must occur to become a token, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MinimumFrequency
    {
        get;
        init => field = ArgumentCheck.AtLeast(value, 1);
    } = 2;

    /// <summary>
    /// The special tokens, which get the first ids. Where they occur in the texts, they separate the text before and after them. Each has the form <c>&lt;…&gt;</c> or <c>[…]</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A token has another form, or occurs twice.</exception>
    public IReadOnlyList<string> SpecialTokens
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var token in value)
            {
                if (token is null || !BpeVocabulary.HasSpecialForm(token))
                    throw new ArgumentException($"The special token '{token}' has no special form: write it as '<|name|>', '<name>' or '[NAME]', so that every program that reads the files can tell it from text.", nameof(SpecialTokens));
            }

            if (value.Distinct(StringComparer.Ordinal).Count() != value.Count)
                throw new ArgumentException("A special token occurs twice.", nameof(SpecialTokens));
            field = [.. value];
        }
    } = ["<|endoftext|>"];
}
