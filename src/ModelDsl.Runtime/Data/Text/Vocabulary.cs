using System.Runtime.InteropServices;

namespace ModelDsl;

/// <summary>Counts what texts consist of, and chooses what gets an id. Of equally frequent tokens the greater ones are kept, as in Keras.</summary>
/// <typeparam name="T">A word or a character.</typeparam>
/// <param name="order">The order of the tokens themselves.</param>
internal sealed class Vocabulary<T>(IComparer<T> order)
    where T : notnull
{
    /// <summary>Padding and the unknown token.</summary>
    public const int Special = 2;

    private readonly Dictionary<T, long> frequencies = [];

    /// <summary>Counts one occurrence.</summary>
    public void Add(T token) => CollectionsMarshal.GetValueRefOrAddDefault(frequencies, token, out _)++;

    /// <summary>The chosen tokens, the most frequent first.</summary>
    /// <param name="options">What is chosen.</param>
    public IEnumerable<T> Choose(VocabularyOptions options) => frequencies
        .Where(pair => pair.Value >= options.MinimumFrequency)
        .OrderByDescending(pair => pair.Value)
        .ThenByDescending(pair => pair.Key, order)
        .Select(pair => pair.Key)
        .Take((options.MaximumSize ?? int.MaxValue) - Special);
}
