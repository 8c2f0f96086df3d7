using System.Text;
using System.Text.RegularExpressions;
using ModelDsl.Bpe;
using ModelDsl.HuggingFace;
using Ml = Microsoft.ML.Tokenizers;

namespace ModelDsl;

/// <summary>
/// A tokenizer with byte-level byte-pair encoding, as GPT-2 has it (Radford et al. 2019) and many models since. Every text can be encoded, and decodes to itself. Vocabularies of published
/// models are loaded from their files <c>vocab.json</c> and <c>merges.txt</c>, or <c>tokenizer.json</c>; <see cref="FromTexts"/> trains one.
/// </summary>
/// <example>
/// <code>
/// var tokenizer = BpeTokenizer.Load("gpt2");                         // a folder with vocab.json and merges.txt
/// int[] ids = tokenizer.Encode("Hello world");                       // 15496, 995
///
/// var own = BpeTokenizer.FromTexts(texts, new BpeTrainingOptions { VocabularySize = 5000 });
/// own.Save("my-vocabulary");
/// </code>
/// </example>
/// <remarks>Thread-safe.</remarks>
public sealed class BpeTokenizer : ITokenizer
{
    private static readonly string[] PaddingNames = ["<pad>", "<|pad|>", "<|padding|>", "[PAD]"];
    private static readonly string[] EndNames = ["<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "[EOS]"];

    private readonly BpeVocabulary vocabulary;
    private readonly byte[]?[] bytes;
    private readonly Ml.BpeTokenizer encoder;
    private readonly LongWords longWords;
    private readonly Regex? parsed;

    private BpeTokenizer(BpeVocabulary vocabulary, BpeOptions options)
    {
        this.vocabulary = vocabulary;
        EndOfTextId = Find(EndNames);
        PaddingId = options.PaddingToken is { } padding
            ? Find([padding]) ?? throw new ArgumentException($"The padding token '{padding}' is not a special token of the vocabulary; it has {(SpecialTokens.Count == 0 ? "none" : string.Join(", ", SpecialTokens.Keys))}.", nameof(options))
            : Find(PaddingNames) ?? EndOfTextId ?? vocabulary.Size;
        VocabularySize = Math.Max(vocabulary.Size, PaddingId + 1);

        bytes = new byte[VocabularySize][];
        foreach (var (token, id) in vocabulary.Ids)
            bytes[id] = vocabulary.Special.ContainsKey(token) ? Encoding.UTF8.GetBytes(token) : ByteCharacters.Read(token);
        encoder = Ml.BpeTokenizer.Create(new Ml.BpeOptions(vocabulary.Ids.Where(pair => !vocabulary.Special.ContainsKey(pair.Key)))
        {
            Merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
            ByteLevel = true,
            PreTokenizer = Ml.RobertaPreTokenizer.Instance,
        });
        longWords = new LongWords(vocabulary, encoder);
        string[] names = options.ParseSpecialTokens ? [.. vocabulary.Special.Where(pair => pair.Value != PaddingId).Select(pair => pair.Key).OrderByDescending(token => token.Length)] : [];
        parsed = names.Length == 0 ? null : new Regex(string.Join('|', names.Select(Regex.Escape)), RegexOptions.CultureInvariant);
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int PaddingId { get; }

    /// <inheritdoc/>
    public int? UnknownId => null;

    /// <summary>The id that ends a text, such as that of <c>&lt;|endoftext|&gt;</c>: a separator for <see cref="TokenFile.Write"/> and a stop token for generation. Null if there is none.</summary>
    public int? EndOfTextId { get; }

    /// <summary>The special tokens with their ids. They are not parts of texts.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens => vocabulary.Special;

    /// <summary>Loads a published vocabulary, or one that <see cref="Save"/> has written.</summary>
    /// <param name="folder">
    /// A folder with <c>vocab.json</c> and <c>merges.txt</c>, or with OpenAI's <c>encoder.json</c> and <c>vocab.bpe</c>. The files <c>special_tokens_map.json</c> and <c>added_tokens.json</c>
    /// are read if they are there. Or the path of a <c>tokenizer.json</c> of Hugging Face, or a folder with such a file and without <c>vocab.json</c> and <c>encoder.json</c>: it must split texts as
    /// GPT-2 does.
    /// </param>
    /// <param name="options">The special tokens; null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the files do not belong together.</exception>
    /// <exception cref="ArgumentException">The options name a padding token that the vocabulary does not have.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BpeTokenizer Load(string folder, BpeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (TokenizerFile.Find(folder) is { } file && !BpeFiles.HasVocabulary(folder))
        {
            options ??= new BpeOptions();
            return new BpeTokenizer(BpeTokenizerFile.Read(file, options.SpecialTokens), options);
        }

        return Load(BpeFiles.Find(folder, BpeFiles.VocabularyName, BpeFiles.EncoderName), BpeFiles.Find(folder, BpeFiles.MergesName, "vocab.bpe"), folder, options);
    }

    /// <summary>Loads a published vocabulary from two files.</summary>
    /// <param name="vocabularyPath">The path of a JSON object with the id of each token.</param>
    /// <param name="mergesPath">The path of a text with a merge on each line, the first applied first.</param>
    /// <param name="options">The special tokens; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the files do not belong together.</exception>
    /// <exception cref="ArgumentException">The options name a padding token that the vocabulary does not have.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BpeTokenizer Load(string vocabularyPath, string mergesPath, BpeOptions? options = null) => Load(vocabularyPath, mergesPath, folder: null, options);

    /// <summary>
    /// Trains a vocabulary on texts. The same texts and options give the same vocabulary. Texts are split into words as GPT-2 splits them; pairs of neighbours within words become tokens, the
    /// most frequent first.
    /// </summary>
    /// <param name="texts">The texts, such as the parts of large files that <see cref="TextCorpus.ReadParts"/> returns. Only their different words are kept in memory.</param>
    /// <param name="options">The number of ids, and the special tokens.</param>
    /// <exception cref="ArgumentException">The texts are empty, or the number of ids is too small for the special tokens.</exception>
    public static BpeTokenizer FromTexts(IEnumerable<string> texts, BpeTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        if (options.VocabularySize < 256 + options.SpecialTokens.Count)
            throw new ArgumentException($"{options.VocabularySize} ids are too few: 256 bytes and {options.SpecialTokens.Count} special tokens need {256 + options.SpecialTokens.Count}.", nameof(options));
        return new BpeTokenizer(BpeTrainer.Train(texts, options), new BpeOptions());
    }

    /// <summary>
    /// Saves the vocabulary as <c>vocab.json</c>, <c>merges.txt</c> and <c>special_tokens_map.json</c>, which <see cref="Load(string, BpeOptions)"/> and Hugging Face read. Each is written to a
    /// temporary file that is then renamed.
    /// </summary>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        BpeFiles.Write(folder, vocabulary);
    }

    /// <summary>Returns the ids of a text. A surrogate without its partner, which UTF-8 does not have, becomes U+FFFD.</summary>
    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        text = WellFormed.Of(text);
        if (parsed is null)
            return [.. EncodePart(text)];
        var (ids, start) = (new List<int>(), 0);
        foreach (var match in parsed.EnumerateMatches(text))
        {
            ids.AddRange(EncodePart(text[start..match.Index]));
            ids.Add(vocabulary.Special[text.Slice(match.Index, match.Length).ToString()]);
            start = match.Index + match.Length;
        }

        ids.AddRange(EncodePart(text[start..]));
        return [.. ids];
    }

    /// <summary>Returns the text of ids. Padding is omitted, special tokens are written as their names. Bytes that are not UTF-8, such as a part of a character, become U+FFFD.</summary>
    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
            text.AddRange(BytesOf(id, nameof(ids)));
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text));
    }

    /// <summary>Returns a decoder for tokens that become known one by one, such as those that a session generates.</summary>
    public BpeDecoder CreateDecoder() => new(this);

    /// <summary>The bytes of a token; none for padding, and for an id between others that no token has.</summary>
    /// <param name="id">The id.</param>
    /// <param name="parameter">The parameter of the caller, for the exception.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    internal ReadOnlySpan<byte> BytesOf(int id, string parameter = "id")
    {
        if ((uint)id >= (uint)VocabularySize)
            throw new ArgumentOutOfRangeException(parameter, id, $"Ids run from 0 to {VocabularySize - 1}.");
        return id == PaddingId ? [] : bytes[id];
    }

    private static BpeTokenizer Load(string vocabularyPath, string mergesPath, string? folder, BpeOptions? options)
    {
        options ??= new BpeOptions();
        return new BpeTokenizer(BpeFiles.Read(vocabularyPath, mergesPath, SpecialTokenNames.Read(folder, options.SpecialTokens)), options);
    }

    private IReadOnlyList<int> EncodePart(ReadOnlySpan<char> text) => LongWords.IsIn(text) ? longWords.Encode(text.ToString()) : encoder.EncodeToIds(text);

    private int? Find(IEnumerable<string> names) => names.Where(SpecialTokens.ContainsKey).Select(name => (int?)SpecialTokens[name]).FirstOrDefault();
}
