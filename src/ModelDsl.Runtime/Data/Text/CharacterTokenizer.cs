using System.Text;

namespace ModelDsl;

/// <summary>
/// A tokenizer with one token per character (Unicode scalar value). The vocabulary is given or created from texts. Id 0 is padding, id 1 stands for all characters that are not in
/// the vocabulary, and ids from 2 on are the characters.
/// </summary>
/// <example>
/// <code>
/// var tokenizer = CharacterTokenizer.FromText(text, size: 96);
/// var (train, validation) = Dataset.Windows(tokenizer.Encode(text), context: 32).SplitInOrder(0.9);
/// tokenizer.Save("model.tokenizer.json");
/// </code>
/// </example>
public sealed class CharacterTokenizer : ITokenizer
{
    /// <summary>The id of padding. A constant, for attributes.</summary>
    public const int Padding = 0;

    /// <summary>The id of every character that is not in the vocabulary. A constant, for attributes.</summary>
    public const int Unknown = 1;

    /// <summary>The id of the first character.</summary>
    private const int First = 2;

    private const int GreatestSize = 1 << 16;

    /// <summary>The version of files without cleaning.</summary>
    private const int PlainVersion = 2;

    private readonly Rune[] characters;
    private readonly Dictionary<Rune, int> ids;

    private CharacterTokenizer(Rune[] characters, int size, TextCleaning cleaning)
    {
        this.characters = characters;
        VocabularySize = size;
        Cleaning = cleaning;
        ids = new Dictionary<Rune, int>(characters.Length);
        for (var i = 0; i < characters.Length; i++)
        {
            if (!ids.TryAdd(characters[i], First + i))
                throw new ArgumentException($"The vocabulary holds {Name(characters[i])} twice.");
        }

        // The replacement character, which unknown characters decode to, is encoded as unknown again.
        if (ids.ContainsKey(Rune.ReplacementChar))
            throw new ArgumentException($"The vocabulary holds {Name(Rune.ReplacementChar)}, which stands for unknown characters: leave it out.");
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int PaddingId => Padding;

    /// <inheritdoc/>
    public int? UnknownId => Unknown;

    /// <summary>All characters in the order of their ids, starting at id 2.</summary>
    public string Characters => string.Concat(characters.Select(character => character.ToString()));

    /// <summary>The cleaning of texts before they are encoded; none unless <see cref="FromTexts"/> was called with one.</summary>
    public TextCleaning Cleaning { get; }

    /// <summary>Creates a vocabulary of the characters of texts, in the order of their code points.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">The characters to include and the cleaning; null for all characters, without cleaning.</param>
    /// <exception cref="ArgumentException">The texts are empty, or no character is frequent enough.</exception>
    public static CharacterTokenizer FromTexts(IEnumerable<string> texts, VocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new VocabularyOptions();
        var cleaning = options.Cleaning ?? TextCleaning.None;
        var vocabulary = new Vocabulary<Rune>(Comparer<Rune>.Default);
        var count = 0L;
        foreach (var text in texts)
        {
            foreach (var rune in cleaning.Apply(text).EnumerateRunes())
            {
                count++;
                if (rune != Rune.ReplacementChar)
                    vocabulary.Add(rune);
            }
        }

        Rune[] all = [.. vocabulary.Choose(options).Order()];
        if (all.Length > 0)
            return new CharacterTokenizer(all, First + all.Length, cleaning);
        throw new ArgumentException(
            count == 0 ? "There is no character in the texts." : $"None of the {count} characters in the texts occurs {options.MinimumFrequency} times, as MinimumFrequency demands.",
            nameof(texts));
    }

    /// <summary>Creates a vocabulary of all characters of a text, in the order of their code points.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static CharacterTokenizer FromText(ReadOnlySpan<char> text)
    {
        Rune[] all = [.. Frequencies(text).Keys.Order()];
        return text.Length > 0 ? new CharacterTokenizer(all, First + all.Length, TextCleaning.None) : throw new ArgumentException("The text is empty.", nameof(text));
    }

    /// <summary>
    /// Creates a vocabulary of a given size, such as for a model's <c>TokenInput</c>: padding, the unknown token, and the most frequent characters of a text in the
    /// order of their code points.
    /// </summary>
    /// <param name="text">The text; if it has fewer different characters, the last ids are not used.</param>
    /// <param name="size">The number of ids, from 3 to 65,536.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 3 or greater than 65,536.</exception>
    public static CharacterTokenizer FromText(ReadOnlySpan<char> text, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, First + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, GreatestSize);
        var frequent = Frequencies(text).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(size - First).Select(pair => pair.Key);
        return new CharacterTokenizer([.. frequent.Order()], size, TextCleaning.None);
    }

    /// <summary>Creates a vocabulary of given characters.</summary>
    /// <param name="characters">The characters in the order of their ids, which start at 2.</param>
    /// <param name="size">The number of ids, if a model has more than these characters need; 0 for the number that they need.</param>
    /// <param name="cleaning">The cleaning of texts; null for none.</param>
    /// <exception cref="ArgumentException">There are no characters, one occurs twice, or one is U+FFFD, which stands for unknown characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is too small for the characters, or greater than 65,536.</exception>
    public static CharacterTokenizer FromCharacters(string characters, int size = 0, TextCleaning? cleaning = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(characters);
        Rune[] all = [.. characters.EnumerateRunes()];
        size = size == 0 ? First + all.Length : size;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, First + all.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, GreatestSize);
        return new CharacterTokenizer(all, size, cleaning ?? TextCleaning.None);
    }

    /// <summary>Loads a file that <see cref="Save"/> has written.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidDataException">
    /// The file has another format or version, or is damaged. Plain text, in which earlier versions stored vocabularies with other ids, is refused too.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CharacterTokenizer Load(string path) => VocabularyFile.Characters.Read(path, static (root, version) => FromCharacters(
        root.GetProperty("characters").GetString() ?? "", root.GetProperty("size").GetInt32(), version == PlainVersion ? null : CleaningJson.Read(root)));

    /// <summary>Saves the vocabulary, to keep it with a model. It is written to a temporary file that is then renamed, so that the path always has a complete file.</summary>
    /// <param name="path">The path of the file, which is JSON.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public void Save(string path)
    {
        var isPlain = Cleaning == TextCleaning.None;
        VocabularyFile.Characters.Write(path, isPlain ? PlainVersion : PlainVersion + 1, json =>
        {
            json.WriteNumber("size", VocabularySize);
            json.WriteString("characters", Characters);
            if (!isPlain)
                CleaningJson.Write(json, Cleaning);
        });
    }

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        if (Cleaning != TextCleaning.None)
            text = Cleaning.Apply(text);
        var (encoded, count) = (new int[text.Length], 0);
        foreach (var rune in text.EnumerateRunes())
            encoded[count++] = ids.GetValueOrDefault(rune, Unknown);
        Array.Resize(ref encoded, count);
        return encoded;
    }

    /// <summary>Returns the text of ids. Padding is omitted; the unknown token, and ids without a character, become the replacement character U+FFFD.</summary>
    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder(ids.Length);
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Ids run from 0 to {VocabularySize - 1}.");
            if (id == Padding)
                continue;
            var character = id - First;
            text.Append((character >= 0 && character < characters.Length ? characters[character] : Rune.ReplacementChar).ToString());
        }

        return text.ToString();
    }

    private static Dictionary<Rune, long> Frequencies(ReadOnlySpan<char> text)
    {
        var frequencies = new Dictionary<Rune, long>();
        foreach (var rune in text.EnumerateRunes())
            frequencies[rune] = frequencies.GetValueOrDefault(rune) + 1;
        frequencies.Remove(Rune.ReplacementChar);
        return frequencies;
    }

    private static string Name(Rune rune) => Rune.IsControl(rune) ? $"U+{rune.Value:X4}" : $"'{rune}' (U+{rune.Value:X4})";
}
