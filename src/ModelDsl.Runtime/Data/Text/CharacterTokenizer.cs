using System.Text;

namespace ModelDsl;

/// <summary>One token per character (Unicode scalar value), from a vocabulary made of a text or given.</summary>
/// <example>
/// <code>
/// var tokenizer = CharacterTokenizer.FromText(text, size: 96);
/// var (train, validation) = Dataset.Windows(tokenizer.Encode(text), context: 32).SplitInOrder(0.9);
/// </code>
/// </example>
public sealed class CharacterTokenizer : ITokenizer
{
    private readonly Rune[] characters;
    private readonly Dictionary<Rune, int> ids;
    private readonly int unknown;

    private CharacterTokenizer(Rune[] characters, Rune? unknown)
    {
        this.characters = characters;
        ids = new Dictionary<Rune, int>(characters.Length);
        for (var i = 0; i < characters.Length; i++)
        {
            if (!ids.TryAdd(characters[i], i))
                throw new ArgumentException($"The vocabulary holds {Name(characters[i])} twice.");
        }

        this.unknown = unknown is { } rune ? ids[rune] : -1;
    }

    /// <inheritdoc/>
    public int VocabularySize => characters.Length;

    /// <summary>All characters in the order of their ids. Keep it with a model, and give it to <see cref="FromVocabulary"/> later.</summary>
    public string Vocabulary => string.Concat(characters.Select(character => character.ToString()));

    /// <summary>A vocabulary of the characters of a text, in the order of their code points.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static CharacterTokenizer FromText(ReadOnlySpan<char> text)
    {
        Rune[] all = [.. Frequencies(text).Keys.Order()];
        return all.Length > 0 ? new CharacterTokenizer(all, unknown: null) : throw new ArgumentException("The text is empty.", nameof(text));
    }

    /// <summary>
    /// A vocabulary of a given size, as a model's <c>TokenInput</c> demands it: the most frequent characters of a text, in the order of their
    /// code points, and one that stands for all others.
    /// </summary>
    /// <param name="text">The text; it may have fewer different characters, then the last ids are spare.</param>
    /// <param name="size">The number of ids, at least 2.</param>
    /// <param name="unknown">Stands for characters without an id of their own; it has id 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 2 or greater than 65,536.</exception>
    public static CharacterTokenizer FromText(ReadOnlySpan<char> text, int size, char unknown = '\uFFFD')
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1 << 16);
        var stand = new Rune(unknown);
        var frequencies = Frequencies(text);
        frequencies.Remove(stand);
        var frequent = frequencies.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(size - 1).Select(pair => pair.Key).ToList();
        // Spare ids get private-use characters, which no ordinary text holds.
        for (var spare = 0xF0000; frequent.Count < size - 1; spare++)
        {
            if (!frequencies.ContainsKey(new Rune(spare)))
                frequent.Add(new Rune(spare));
        }

        return new CharacterTokenizer([stand, .. frequent.Order()], stand);
    }

    /// <summary>A vocabulary that is known, such as that of a saved model.</summary>
    /// <param name="vocabulary">All characters in the order of their ids.</param>
    /// <param name="unknown">The one among them that stands for all others; null to reject others.</param>
    /// <exception cref="ArgumentException">The vocabulary is empty, holds a character twice, or lacks <paramref name="unknown"/>.</exception>
    public static CharacterTokenizer FromVocabulary(string vocabulary, char? unknown = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabulary);
        Rune[] all = [.. vocabulary.EnumerateRunes()];
        Rune? stand = unknown is { } character ? new Rune(character) : null;
        if (stand is { } rune && !all.Contains(rune))
            throw new ArgumentException($"The vocabulary lacks the character {Name(rune)} that shall stand for unknown ones.", nameof(unknown));
        return new CharacterTokenizer(all, stand);
    }

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var (encoded, count, position) = (new int[text.Length], 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!ids.TryGetValue(rune, out var id))
            {
                id = unknown >= 0 ? unknown : throw new ArgumentException(
                    $"The character {Name(rune)} at position {position} is not in the vocabulary, which has none to stand for it.", nameof(text));
            }

            encoded[count++] = id;
            position += rune.Utf16SequenceLength;
        }

        Array.Resize(ref encoded, count);
        return encoded;
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder(ids.Length);
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)characters.Length)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Ids run from 0 to {characters.Length - 1}.");
            text.Append(characters[id].ToString());
        }

        return text.ToString();
    }

    private static Dictionary<Rune, long> Frequencies(ReadOnlySpan<char> text)
    {
        var frequencies = new Dictionary<Rune, long>();
        foreach (var rune in text.EnumerateRunes())
            frequencies[rune] = frequencies.GetValueOrDefault(rune) + 1;
        return frequencies;
    }

    private static string Name(Rune rune) => Rune.IsControl(rune) ? $"U+{rune.Value:X4}" : $"'{rune}' (U+{rune.Value:X4})";
}
