namespace ModelDsl;

/// <summary>Options of <see cref="WordPieceTokenizer.Load"/>: how a text is normalized before it is split into words.</summary>
public sealed class WordPieceOptions
{
    /// <summary>Whether texts become lower case, as in models called <c>uncased</c>; true by default (<c>do_lower_case</c>).</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>Whether accents are removed; null, the default, if texts become lower case (<c>strip_accents</c>).</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Whether each Chinese character is a word of its own; true by default (<c>tokenize_chinese_chars</c>).</summary>
    public bool SplitChineseCharacters { get; init; } = true;

    /// <summary>
    /// Whether <c>[CLS]</c> precedes the tokens of a text and <c>[SEP]</c> follows them, as BERT expects its input; false by default. If a <see cref="TextInput"/> truncates a text at its end,
    /// the sample has no <c>[SEP]</c>.
    /// </summary>
    public bool AddSpecialTokens { get; init; }
}
