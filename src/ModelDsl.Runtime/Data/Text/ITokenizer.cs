namespace ModelDsl;

/// <summary>Turns text into the token ids a model reads, and back.</summary>
public interface ITokenizer
{
    /// <summary>The number of different ids: they run from 0 to this − 1.</summary>
    int VocabularySize { get; }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text holds something that has no id.</exception>
    int[] Encode(ReadOnlySpan<char> text);

    /// <summary>The text of ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not less than <see cref="VocabularySize"/>.</exception>
    string Decode(ReadOnlySpan<int> ids);
}
