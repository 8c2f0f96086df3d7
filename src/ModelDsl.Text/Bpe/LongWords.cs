using Microsoft.ML.Tokenizers;

namespace ModelDsl.Bpe;

/// <summary>
/// Encodes texts with long words, such as a genome or a sentence without punctuation in a script without spaces. The time that Microsoft.ML.Tokenizers takes for a word grows with the square of
/// its length; here a heap has the pairs that can be merged, and time grows little faster than the length. The ids are the same.
/// </summary>
/// <param name="vocabulary">The tokens and merges.</param>
/// <param name="encoder">Encodes words that are not long.</param>
internal sealed class LongWords(BpeVocabulary vocabulary, Tokenizer encoder)
{
    /// <summary>The number of characters from which on a word is long.</summary>
    public const int Length = 256;

    private readonly Lazy<Dictionary<TokenPair, (int Rank, int Id)>> merges = new(() => vocabulary.Merges.Index().DistinctBy(merge => merge.Item).ToDictionary(
        merge => new TokenPair(vocabulary.Ids[merge.Item.Left], vocabulary.Ids[merge.Item.Right]),
        merge => (merge.Index, vocabulary.Ids[merge.Item.Left + merge.Item.Right])));

    /// <summary>Whether a text can have a long word: a long part either without white space or of nothing else.</summary>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        var (start, isSpace) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) == isSpace)
                continue;
            if (i - start >= Length)
                return true;
            (start, isSpace) = (i, !isSpace);
        }

        return text.Length - start >= Length;
    }

    /// <summary>Returns the ids of a text.</summary>
    public List<int> Encode(string text)
    {
        var ids = new List<int>();
        foreach (var (offset, length) in RobertaPreTokenizer.Instance.PreTokenize(text))
        {
            var word = text.AsSpan(offset, length);
            if (length < Length)
                ids.AddRange(encoder.EncodeToIds(word, considerPreTokenization: false));
            else
                Encode(word, ids);
        }

        return ids;
    }

    private void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        // A linked list of tokens. Tokens that were merged into the one before have the id −1.
        var bytes = System.Text.Encoding.UTF8.GetBytes(word.ToString());
        int[] tokens = Array.ConvertAll(bytes, value => vocabulary.Ids[ByteCharacters.Of(value).ToString()]);
        int[] next = [.. Enumerable.Range(1, tokens.Length)], previous = [.. Enumerable.Range(-1, tokens.Length)];
        var queue = new PriorityQueue<(int At, TokenPair Pair), (int Rank, int At)>();
        for (var i = 0; i < tokens.Length; i++)
            Enqueue(i);

        while (queue.TryDequeue(out var candidate, out _))
        {
            var (at, pair) = candidate;
            var right = next[at];
            if (tokens[at] != pair.Left || right == tokens.Length || tokens[right] != pair.Right)
                continue;
            (tokens[at], tokens[right], next[at]) = (merges.Value[pair].Id, -1, next[right]);
            if (next[at] < tokens.Length)
                previous[next[at]] = at;
            Enqueue(at);
            if (previous[at] >= 0)
                Enqueue(previous[at]);
        }

        for (var i = 0; i < tokens.Length; i = next[i])
            ids.Add(tokens[i]);

        void Enqueue(int at)
        {
            if (next[at] < tokens.Length && new TokenPair(tokens[at], tokens[next[at]]) is var pair && merges.Value.TryGetValue(pair, out var merge))
                queue.Enqueue((at, pair), (merge.Rank, at));
        }
    }
}
