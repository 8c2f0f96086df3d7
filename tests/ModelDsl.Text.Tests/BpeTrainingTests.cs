using ModelDsl.Bpe;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Text.Tests;

/// <summary>Training a byte-level vocabulary.</summary>
public class BpeTrainingTests
{
    [Fact]
    public void Random_texts_give_the_merges_of_a_plain_trainer()
    {
        foreach (var seed in Enumerable.Range(TestScale.Seed, TestScale.Of("vocabularies trained on random texts", 20)))
        {
            var random = new Random(seed);
            string[] texts = [.. Enumerable.Range(0, 4).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => "aab  c\né中"[random.Next(9)])))];
            var (size, frequency) = (256 + random.Next(60), random.Next(1, 4));
            var trained = BpeTrainer.Train(texts, new BpeTrainingOptions { VocabularySize = size, MinimumFrequency = frequency, SpecialTokens = [] });
            Assert.Equal(PlainMerges(texts, size, frequency), trained.Merges);
        }
    }

    [Fact]
    public void Special_tokens_have_the_first_ids_and_separate_texts()
    {
        var options = new BpeTrainingOptions { VocabularySize = 400, MinimumFrequency = 2, SpecialTokens = ["<a>", "<ab>"] };
        var tokenizer = BpeTokenizer.FromTexts(["xyz<ab>xyz<a>", "<a>xyz"], options);

        Assert.Equal([("<a>", 0), ("<ab>", 1)], tokenizer.SpecialTokens.OrderBy(pair => pair.Value).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([259], tokenizer.Encode("xyz"));
        Assert.Equal((261, 260), (tokenizer.VocabularySize, tokenizer.PaddingId));
    }

    [Fact]
    public void A_saved_vocabulary_is_loaded_again_and_has_the_same_bytes_each_time()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (Path.Combine(folder.Path, "a"), Path.Combine(folder.Path, "b"));
        string[] texts = ["the cat sat on the mat, \"the\" 中文 \\ é", "the thing"];
        var trained = BpeTokenizer.FromTexts(texts, new BpeTrainingOptions { VocabularySize = 280 });
        trained.Save(first);
        BpeTokenizer.FromTexts(texts.Reverse(), new BpeTrainingOptions { VocabularySize = 280 }).Save(second);
        var loaded = BpeTokenizer.Load(first);

        Assert.Equal(trained.Encode(texts[0]), loaded.Encode(texts[0]));
        Assert.Equal((trained.VocabularySize, trained.PaddingId, trained.EndOfTextId), (loaded.VocabularySize, loaded.PaddingId, loaded.EndOfTextId));
        Assert.Equal(["merges.txt", "special_tokens_map.json", "vocab.json"], Directory.GetFiles(first).Select(path => Path.GetFileName(path)).Order());
        Assert.All(Directory.GetFiles(first), path => Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(second, Path.GetFileName(path)))));
    }

    [DataFact("text")]
    public void A_vocabulary_of_Shakespeare_takes_seconds()
    {
        string[] texts = [File.ReadAllText(Path.Combine(TestData.Folder("text"), "tinyshakespeare.txt"))];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var tokenizer = BpeTokenizer.FromTexts(texts, new BpeTrainingOptions { VocabularySize = 257 + 5000 });

        Assert.Equal(5257, tokenizer.VocabularySize);
        Assert.Equal(texts[0], tokenizer.Decode(tokenizer.Encode(texts[0])));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void Options_and_texts_that_cannot_be_trained_on_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpeTrainingOptions { VocabularySize = 255 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpeTrainingOptions { VocabularySize = 256, MinimumFrequency = 0 });
        Assert.Contains("'EOT' has no special form", Assert.Throws<ArgumentException>(() => new BpeTrainingOptions { VocabularySize = 300, SpecialTokens = ["EOT"] }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BpeTrainingOptions { VocabularySize = 300, SpecialTokens = ["<x>", "<x>"] });
        Assert.Contains("need 257", Assert.Throws<ArgumentException>(() => BpeTokenizer.FromTexts(["a"], new BpeTrainingOptions { VocabularySize = 256 })).Message, StringComparison.Ordinal);
        Assert.Contains("There is no text to train on (2 texts", Assert.Throws<ArgumentException>(() => BpeTokenizer.FromTexts(["", ""], new BpeTrainingOptions { VocabularySize = 300 })).Message, StringComparison.Ordinal);
        Assert.Contains("Text 1 is null", Assert.Throws<ArgumentException>(() => BpeTokenizer.FromTexts(["a", null!], new BpeTrainingOptions { VocabularySize = 300 })).Message, StringComparison.Ordinal);
    }

    /// <summary>A trainer that counts all pairs anew for each merge. The smaller ids are those that were made first; bytes are in the order of their characters.</summary>
    private static List<(string, string)> PlainMerges(string[] texts, int size, int frequency)
    {
        var words = texts.SelectMany(text => GptWords.Split(text)).Select(word => System.Text.Encoding.UTF8.GetBytes(word).Select(value => ByteCharacters.Of(value).ToString()).ToList()).ToList();
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(value => ByteCharacters.Of((byte)value).ToString()).Order(StringComparer.Ordinal)];
        var merges = new List<(string, string)>();
        while (tokens.Count < size)
        {
            var pairs = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).Where(group => group.Count() >= frequency)
                .OrderByDescending(group => group.Count()).ThenBy(group => tokens.IndexOf(group.Key.First)).ThenBy(group => tokens.IndexOf(group.Key.Second)).ToList();
            if (pairs.Count == 0)
                break;
            var (left, right) = pairs[0].Key;
            merges.Add((left, right));
            if (!tokens.Contains(left + right))
                tokens.Add(left + right);
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] != left || word[i + 1] != right)
                        continue;
                    word[i] += right;
                    word.RemoveAt(i + 1);
                }
            }
        }

        return merges;
    }
}
