using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace ModelDsl.Bpe;

/// <summary>
/// Learns the merges of a byte-level BPE (Sennrich, Haddow and Birch 2016, https://arxiv.org/abs/1508.07909): the most frequent pair of neighbours becomes a token, again and again. Of
/// equally frequent pairs the one with the smaller ids is first, as in Hugging Face's trainer. After a merge only the words with that pair are counted again.
/// </summary>
internal sealed class BpeTrainer
{
    private readonly List<string> tokens;
    private readonly Dictionary<string, int> ids;
    private readonly List<(string Left, string Right)> merges = [];
    private readonly List<BpeWord> words;
    private readonly Dictionary<TokenPair, long> counts = [];
    private readonly Dictionary<TokenPair, List<int>> wordsOf = [];
    private readonly PriorityQueue<TokenPair, (long Count, TokenPair Pair)> queue = new(
        Comparer<(long Count, TokenPair Pair)>.Create(static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Pair.CompareTo(b.Pair)));

    private BpeTrainer(List<string> tokens, List<BpeWord> words)
    {
        (this.tokens, this.words) = (tokens, words);
        ids = tokens.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
    }

    /// <summary>Trains a vocabulary.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">The size, and the special tokens.</param>
    public static BpeVocabulary Train(IEnumerable<string> texts, BpeTrainingOptions options)
    {
        // The order of Hugging Face: special tokens, bytes in the order of their characters, merges.
        string[] bytes = [.. Enumerable.Range(0, 256).Select(value => ByteCharacters.Of((byte)value)).Order().Select(character => character.ToString())];
        var first = options.SpecialTokens.Count;
        var trainer = new BpeTrainer([.. options.SpecialTokens, .. bytes], CountWords(texts, options.SpecialTokens, bytes, first));
        trainer.Learn(options.VocabularySize, options.MinimumFrequency);

        return new BpeVocabulary(trainer.ids, trainer.merges, options.SpecialTokens.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal));
    }

    private static List<BpeWord> CountWords(IEnumerable<string> texts, IReadOnlyList<string> special, string[] bytes, int first)
    {
        var frequencies = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = frequencies.GetAlternateLookup<ReadOnlySpan<char>>();
        var separator = special.Count == 0 ? null : new Regex(string.Join('|', special.OrderByDescending(token => token.Length).Select(Regex.Escape)), RegexOptions.CultureInvariant);
        var index = 0;
        foreach (var text in texts)
        {
            if (text is null)
                throw new ArgumentException($"Text {index} is null.", nameof(texts));
            foreach (var part in separator?.Split(text) ?? [text])
            {
                foreach (var (offset, length) in RobertaPreTokenizer.Instance.PreTokenize(part))
                    CollectionsMarshal.GetValueRefOrAddDefault(lookup, part.AsSpan(offset, length), out _)++;
            }

            index++;
        }

        if (frequencies.Count == 0)
            throw new ArgumentException($"There is no text to train on ({index} texts, all empty).", nameof(texts));
        var idOf = bytes.Index().ToDictionary(pair => pair.Item[0], pair => first + pair.Index);
        return [.. frequencies.Select(pair => new BpeWord([.. ByteCharacters.Write(Encoding.UTF8.GetBytes(pair.Key)).Select(character => idOf[character])], pair.Value))];
    }

    private void Learn(int size, int minimumFrequency)
    {
        for (var i = 0; i < words.Count; i++)
            words[i].CountPairs((pair, change) => Change(i, pair, change));
        foreach (var (pair, count) in counts)
            queue.Enqueue(pair, (count, pair));

        while (tokens.Count < size && queue.TryDequeue(out var pair, out var entry))
        {
            var count = counts.GetValueOrDefault(pair);
            if (count != entry.Count)
            {
                // The count has changed since the entry was made: it goes back with the count of now.
                if (count > 0)
                    queue.Enqueue(pair, (count, pair));
                continue;
            }

            if (count < minimumFrequency)
                return;
            Merge(pair);
        }
    }

    private void Merge(TokenPair pair)
    {
        var (left, right) = (tokens[pair.Left], tokens[pair.Right]);
        merges.Add((left, right));

        // Two pairs can make one token: it keeps the id that it has.
        if (!ids.TryGetValue(left + right, out var id))
        {
            id = tokens.Count;
            tokens.Add(left + right);
            ids.Add(left + right, id);
        }

        var grown = new HashSet<TokenPair>();
        wordsOf.Remove(pair, out var affected);
        foreach (var word in affected!)
        {
            words[word].Merge(pair, id, (changed, change) =>
            {
                Change(word, changed, change);
                if (change > 0)
                    grown.Add(changed);
            });
        }

        counts.Remove(pair);
        foreach (var changed in grown)
        {
            if (counts.GetValueOrDefault(changed) is > 0 and var count)
                queue.Enqueue(changed, (count, changed));
        }
    }

    private void Change(int word, TokenPair pair, long change)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _) += change;
        if (change <= 0)
            return;
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(wordsOf, pair, out _);
        list ??= [];
        if (list.Count == 0 || list[^1] != word)
            list.Add(word);
    }
}

/// <summary>Two neighbours in a word.</summary>
/// <param name="Left">The id of the first.</param>
/// <param name="Right">The id of the second.</param>
internal readonly record struct TokenPair(int Left, int Right) : IComparable<TokenPair>
{
    public int CompareTo(TokenPair other) => Left != other.Left ? Left.CompareTo(other.Left) : Right.CompareTo(other.Right);
}

/// <summary>A word of the texts as tokens, with its frequency.</summary>
/// <param name="ids">The tokens.</param>
/// <param name="frequency">How often the word occurs.</param>
internal sealed class BpeWord(int[] ids, long frequency)
{
    private int length = ids.Length;

    /// <summary>Reports all pairs of neighbours.</summary>
    public void CountPairs(Action<TokenPair, long> change)
    {
        for (var i = 1; i < length; i++)
            change(new TokenPair(ids[i - 1], ids[i]), frequency);
    }

    /// <summary>Replaces a pair with its token, from the beginning on, and reports how the counts of pairs change.</summary>
    public void Merge(TokenPair pair, int id, Action<TokenPair, long> change)
    {
        var to = 0;
        for (var from = 0; from < length; from++)
        {
            if (from + 1 == length || ids[from] != pair.Left || ids[from + 1] != pair.Right)
            {
                ids[to++] = ids[from];
                continue;
            }

            change(pair, -frequency);
            if (to > 0)
            {
                change(new TokenPair(ids[to - 1], pair.Left), -frequency);
                change(new TokenPair(ids[to - 1], id), frequency);
            }

            from++;
            if (from + 1 < length)
            {
                change(new TokenPair(pair.Right, ids[from + 1]), -frequency);
                change(new TokenPair(id, ids[from + 1]), frequency);
            }

            ids[to++] = id;
        }

        length = to;
    }
}
