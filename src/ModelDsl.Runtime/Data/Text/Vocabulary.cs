using System.Runtime.InteropServices;

namespace ModelDsl;

/// <summary>Counts the tokens of texts, and selects those that get an id. Of equally frequent tokens, those later in the order are selected first, as in Keras.</summary>
/// <typeparam name="T">The type of the tokens: a word or a character.</typeparam>
/// <param name="order">The order of the tokens.</param>
internal sealed class Vocabulary<T>(IComparer<T> order)
    where T : notnull
{
    /// <summary>The number of special ids: padding and the unknown token.</summary>
    public const int Special = 2;

    private readonly Dictionary<T, long> frequencies = [];

    /// <summary>Counts one occurrence of a token.</summary>
    public void Add(T token) => CollectionsMarshal.GetValueRefOrAddDefault(frequencies, token, out _)++;

    /// <summary>Returns the selected tokens, the most frequent first.</summary>
    /// <param name="options">The criteria of the selection.</param>
    public IEnumerable<T> Choose(VocabularyOptions options) => frequencies
        .Where(pair => pair.Value >= options.MinimumFrequency)
        .OrderByDescending(pair => pair.Value)
        .ThenByDescending(pair => pair.Key, order)
        .Select(pair => pair.Key)
        .Take((options.MaximumSize ?? int.MaxValue) - Special);
}
