using System.Text;

namespace ModelDsl;

/// <summary>
/// A tokenizer with one token per word. Words are separated by white space after a <see cref="TextCleaning"/>. Id 0 is padding, id 1 stands for all words that are not in the
/// vocabulary, and ids from 2 on are the words, the most frequent first; equally frequent words are in descending ordinal order. These are the ids of Keras'
/// <c>TextVectorization</c>.
/// </summary>
/// <example>
/// <code>
/// var tokenizer = WordTokenizer.FromTexts(texts, new VocabularyOptions { MaximumSize = 10_000 });
/// Dataset data = Dataset.FromTexts(texts, labels, new TextInput(tokenizer, length: 200));
/// tokenizer.Save("model.words.json");
/// </code>
/// </example>
public sealed class WordTokenizer : ITokenizer
{
    /// <summary>The id of padding. A constant, for attributes.</summary>
    public const int Padding = 0;

    /// <summary>The id of every word that is not in the vocabulary. A constant, for attributes.</summary>
    public const int Unknown = 1;

    /// <summary>The id of the first word.</summary>
    private const int First = 2;

    private const char Replacement = '\uFFFD';

    private readonly string[] words;
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> idOf;

    private WordTokenizer(string[] words, TextCleaning cleaning)
    {
        this.words = words;
        Cleaning = cleaning;
        ids = new Dictionary<string, int>(words.Length, StringComparer.Ordinal);
        idOf = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < words.Length; i++)
        {
            Check(words[i], i, cleaning);
            if (!ids.TryAdd(words[i], First + i))
                throw new ArgumentException($"The vocabulary holds '{words[i]}' twice.");
        }
    }

    /// <inheritdoc/>
    public int VocabularySize => First + words.Length;

    /// <inheritdoc/>
    public int PaddingId => Padding;

    /// <inheritdoc/>
    public int? UnknownId => Unknown;

    /// <summary>All words in the order of their ids, starting at id 2.</summary>
    public IReadOnlyList<string> Words => words.AsReadOnly();

    /// <summary>The cleaning of a text before it is split into words.</summary>
    public TextCleaning Cleaning { get; }

    /// <summary>Creates a vocabulary of the words of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">The words to include and the cleaning; null for all words, after <see cref="TextCleaning.Default"/>.</param>
    /// <exception cref="ArgumentException">The texts have no word, or none that is frequent enough.</exception>
    public static WordTokenizer FromTexts(IEnumerable<string> texts, VocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new VocabularyOptions();
        var cleaning = options.Cleaning ?? TextCleaning.Default;
        var vocabulary = new Vocabulary<string>(StringComparer.Ordinal);
        var (count, all) = (0, 0L);
        foreach (var text in texts)
        {
            count++;
            var cleaned = cleaning.Apply(text);
            for (var at = 0; Next(cleaned, ref at) is { IsEmpty: false } word;)
            {
                all++;
                if (IsWellFormed(word))
                    vocabulary.Add(word.ToString());
            }
        }

        string[] words = [.. vocabulary.Choose(options)];
        if (words.Length > 0)
            return new WordTokenizer(words, cleaning);
        throw new ArgumentException(
            all == 0 ? $"There is no word in the texts ({count} of them)." : $"None of the {all} words in the texts occurs {options.MinimumFrequency} times, as MinimumFrequency demands.",
            nameof(texts));
    }

    /// <summary>Creates a vocabulary of given words.</summary>
    /// <param name="words">The words in the order of their ids, which start at 2.</param>
    /// <param name="cleaning">The cleaning of texts; null for <see cref="TextCleaning.Default"/>.</param>
    /// <exception cref="ArgumentException">There are no words, one occurs twice, or one cannot occur in a text after cleaning.</exception>
    public static WordTokenizer FromWords(IEnumerable<string> words, TextCleaning? cleaning = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] all = [.. words];
        return all.Length > 0 ? new WordTokenizer(all, cleaning ?? TextCleaning.Default) : throw new ArgumentException("There are no words.", nameof(words));
    }

    /// <summary>Loads a file that <see cref="Save"/> has written.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidDataException">The file has another format or version, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WordTokenizer Load(string path) => VocabularyFile.Words.Read(path, static (root, _) =>
        FromWords(root.GetProperty("words").EnumerateArray().Select(static word => word.GetString() ?? ""), CleaningJson.Read(root)));

    /// <summary>Saves the vocabulary, to keep it with a model. It is written to a temporary file that is then renamed, so that the path always has a complete file.</summary>
    /// <param name="path">The path of the file, which is JSON.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public void Save(string path) => VocabularyFile.Words.Write(path, version: 1, json =>
    {
        CleaningJson.Write(json, Cleaning);
        json.WriteStartArray("words");
        foreach (var word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    });

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var encoded = new List<int>();
        var cleaned = Cleaning.Apply(text);
        for (var at = 0; Next(cleaned, ref at) is { IsEmpty: false } word;)
            encoded.Add(idOf.TryGetValue(word, out var id) ? id : Unknown);
        return [.. encoded];
    }

    /// <summary>Returns the words of ids with spaces between them. Padding is omitted; the unknown token becomes the replacement character U+FFFD.</summary>
    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Ids run from 0 to {VocabularySize - 1}.");
            if (id == Padding)
                continue;
            if (text.Length > 0)
                text.Append(' ');
            text.Append(id == Unknown ? Replacement.ToString() : words[id - First]);
        }

        return text.ToString();
    }

    /// <summary>Returns the next word from a position on, and advances the position past it; empty at the end.</summary>
    private static ReadOnlySpan<char> Next(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]))
            at++;
        return text[start..at];
    }

    /// <summary>Whether a word can be written to a file and read again: words with invalid characters get no id, and U+FFFD stands for unknown words.</summary>
    private static bool IsWellFormed(ReadOnlySpan<char> word)
    {
        foreach (var rune in word.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                return false;
        }

        return true;
    }

    private static void Check(string word, int index, TextCleaning cleaning)
    {
        if (word is null || word.Length == 0)
            throw new ArgumentException($"Word {index} of the vocabulary is empty.");
        if (!IsWellFormed(word))
            throw new ArgumentException($"Word {index} of the vocabulary, '{word}', has a character that cannot be saved, or U+FFFD, which stands for unknown words.");
        var (cleaned, at) = (cleaning.Apply(word), 0);
        if (!Next(cleaned, ref at).SequenceEqual(word))
            throw new ArgumentException($"Word {index} of the vocabulary, '{word}', is found in no text: cleaning makes '{cleaned}' of it. Write it so, or give another cleaning.");
    }
}
