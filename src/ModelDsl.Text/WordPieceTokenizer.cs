using System.Text;
using ModelDsl.HuggingFace;
using ModelDsl.WordPiece;
using Ml = Microsoft.ML.Tokenizers;

namespace ModelDsl;

/// <summary>
/// A tokenizer with WordPiece, as BERT has it (Devlin et al. 2019): words are the longest pieces of the vocabulary from their beginning on; pieces within a word begin with <c>##</c>. Vocabularies
/// are loaded from the file <c>vocab.txt</c> of a published model. Decoding gives the normalized words with spaces between them, not the original text.
/// </summary>
/// <example>
/// <code>
/// var tokenizer = WordPieceTokenizer.Load("bert-base-uncased");      // a folder with vocab.txt
/// int[] ids = tokenizer.Encode("hello world");                       // 7592, 2088
/// </code>
/// </example>
/// <remarks>Thread-safe.</remarks>
public sealed class WordPieceTokenizer : ITokenizer
{
    private const string Unknown = "[UNK]", Classification = "[CLS]", Separator = "[SEP]", Padding = "[PAD]", Mask = "[MASK]", Continuation = "##";

    private readonly string[] tokens;
    private readonly Ml.WordPieceTokenizer encoder;
    private readonly (int Start, int End)? around;

    private WordPieceTokenizer(string path, string[] tokens, WordPieceOptions options)
    {
        this.tokens = tokens;
        PaddingId = Find(path, Padding);
        UnknownId = Find(path, Unknown);
        ClassificationId = Array.IndexOf(tokens, Classification) is >= 0 and var classification ? classification : null;
        SeparatorId = Array.IndexOf(tokens, Separator) is >= 0 and var separator ? separator : null;
        MaskId = Array.IndexOf(tokens, Mask) is >= 0 and var mask ? mask : null;
        around = options.AddSpecialTokens ? (Find(path, Classification), Find(path, Separator)) : null;

        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        encoder = Ml.WordPieceTokenizer.Create(lines, new Ml.WordPieceOptions
        {
            Normalizer = new BertNormalizer(options.LowerCase, options.StripAccents ?? options.LowerCase, options.SplitChineseCharacters),
            PreTokenizer = new BertPreTokenizer(),
            UnknownToken = Unknown,
            ContinuingSubwordPrefix = Continuation,
        });
    }

    /// <inheritdoc/>
    public int VocabularySize => tokens.Length;

    /// <inheritdoc/>
    public int PaddingId { get; }

    /// <inheritdoc/>
    public int? UnknownId { get; }

    /// <summary>The id of <c>[CLS]</c>, which precedes a text; null if the vocabulary does not have it.</summary>
    public int? ClassificationId { get; }

    /// <summary>The id of <c>[SEP]</c>, which follows a text; null if the vocabulary does not have it.</summary>
    public int? SeparatorId { get; }

    /// <summary>The id of <c>[MASK]</c>; null if the vocabulary does not have it.</summary>
    public int? MaskId { get; }

    /// <summary>Loads the vocabulary of a published model.</summary>
    /// <param name="path">The path of <c>vocab.txt</c>, which has a token on each line, of a <c>tokenizer.json</c> of Hugging Face, or of the folder of either; <c>vocab.txt</c> if it has both.</param>
    /// <param name="options">How texts are normalized; null for what <c>tokenizer.json</c>, or <c>tokenizer_config.json</c> in the folder, says, otherwise for the defaults.</param>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is not a vocabulary, or lacks a token that is required.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WordPieceTokenizer Load(string path, WordPieceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (TokenizerFile.Find(path) is { } file && !File.Exists(Path.Combine(path, WordPieceFiles.VocabularyName)))
        {
            var (tokens, own) = WordPieceTokenizerFile.Read(file);
            return new WordPieceTokenizer(file, tokens, options ?? own);
        }

        var (vocabulary, folder) = WordPieceFiles.Find(path);
        return new WordPieceTokenizer(vocabulary, WordPieceFiles.ReadTokens(vocabulary), options ?? WordPieceFiles.ReadOptions(folder));
    }

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = encoder.EncodeToIds(text);
        return around is { } special ? [special.Start, .. ids, special.End] : [.. ids];
    }

    /// <summary>Returns the words of ids with spaces between them. Padding is omitted; other special tokens are written as their names.</summary>
    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)tokens.Length)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Ids run from 0 to {tokens.Length - 1}.");
            if (id == PaddingId)
                continue;
            var continues = tokens[id].StartsWith(Continuation, StringComparison.Ordinal) && tokens[id].Length > Continuation.Length;
            if (text.Length > 0 && !continues)
                text.Append(' ');
            text.Append(continues ? tokens[id].AsSpan(Continuation.Length) : tokens[id]);
        }

        return text.ToString();
    }

    private int Find(string path, string token) => Array.IndexOf(tokens, token) is >= 0 and var id ? id : throw new InvalidDataException(
        $"'{path}' has no token '{token}' among its {tokens.Length} lines. Expected the vocab.txt of a WordPiece model, with one token on each line; the file is cut short or of another kind.");
}
