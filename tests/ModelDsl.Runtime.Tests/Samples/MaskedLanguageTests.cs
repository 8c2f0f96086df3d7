using MaskedLanguage;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Samples;

/// <summary>The data of the sample MaskedLanguage, its two models, and what the one takes from the other.</summary>
public sealed class MaskedLanguageTests
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 200).Select(i => string.Concat(Enumerable.Range(0, 100).Select(j => (char)('A' + ((i + (7 * j)) % 50)))))];

    private static readonly CharacterTokenizer Tokenizer = CharacterTokenizer.FromTexts(Texts);

    [Fact]
    public void Fifteen_percent_of_the_characters_are_targets_of_which_most_are_hidden()
    {
        var (tokens, positions, labels) = Masked(Texts);

        var (targets, hidden, kept, different) = (0, 0, 0, 0);
        foreach (var (sample, slot, label) in Targets(labels))
        {
            var token = tokens[(sample * ReviewTexts.Length) + positions[(sample * MaskedTexts.Targets) + slot]];
            targets++;
            _ = token == ReviewTexts.Mask ? hidden++ : token == label ? kept++ : different++;
        }

        // Of 200 texts with 100 characters each. The shares are random; their standard deviations are less than 0.01.
        Assert.InRange(targets / 20_000.0, 0.13, 0.15);
        Assert.InRange((double)hidden / targets, 0.76, 0.84);
        Assert.InRange((double)kept / targets, 0.07, 0.13);
        Assert.InRange((double)different / targets, 0.07, 0.13);
        Assert.Equal(hidden, tokens.Count(token => token == ReviewTexts.Mask));
    }

    [Fact]
    public void Labels_are_the_hidden_characters_and_all_other_characters_stay()
    {
        var (tokens, positions, labels) = Masked(Texts);

        var restored = (int[])tokens.Clone();
        foreach (var (sample, slot, label) in Targets(labels))
            restored[(sample * ReviewTexts.Length) + positions[(sample * MaskedTexts.Targets) + slot]] = label;

        Assert.Equal(string.Concat(Texts), Tokenizer.Decode(restored));
        Assert.All(Targets(labels).GroupBy(target => target.Sample), sample =>
            Assert.Distinct(sample.Select(target => positions[(sample.Key * MaskedTexts.Targets) + target.Slot])));
    }

    [Fact]
    public void Padding_and_unknown_characters_are_never_targets_and_slots_without_a_target_do_not_count()
    {
        string[] texts = ["ABC", "A", "??", .. Enumerable.Repeat("A?B?C?D?E?F?G?H?I?J?", 50)];
        var (tokens, _, labels) = Masked(texts);

        Assert.DoesNotContain(labels, label => label is CharacterTokenizer.Padding or CharacterTokenizer.Unknown);
        Assert.Equal([1, 1, 0, .. Enumerable.Repeat(3, 50)], labels.Chunk(MaskedTexts.Targets).Select(sample => sample.Count(label => label != MaskedTexts.NoLabel)));
        for (var i = 0; i < texts.Length; i++)
            Assert.All(tokens[((i * ReviewTexts.Length) + texts[i].Length)..((i + 1) * ReviewTexts.Length)], token => Assert.Equal(CharacterTokenizer.Padding, token));
    }

    [Fact]
    public void Targets_depend_on_the_seed_the_epoch_and_the_sample_alone()
    {
        var first = Epochs(seed: 1, batchSize: 200);

        Assert.Equal(first, Epochs(seed: 1, batchSize: 7));
        Assert.NotEqual(first[0], first[1]);
        Assert.NotEqual(first[0], Epochs(seed: 2, batchSize: 200)[0]);

        static int[][] Epochs(int seed, int batchSize)
        {
            var batches = new MaskedTexts(Texts, Tokenizer).Batches(batchSize, seed: seed);
            return [.. Enumerable.Range(0, 2).Select(_ => batches.SelectMany(batch => batch.Ints(0).ToArray()).ToArray())];
        }
    }

    [Fact]
    public void A_classifier_has_the_trunk_of_the_pre_training_and_a_layer_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "masked.safetensors");
        using var device = new CpuDevice { Threads = 2 };
        using var pretraining = new Pretraining(new MaskedModel(seed: 1, device), Tokenizer);
        using var classifier = new SentimentModel(seed: 2, device);
        using var fresh = new SentimentModel(seed: 2, device);
        pretraining.Save(path);

        var report = Comparison.LoadTrunk(classifier, path);

        Assert.Equal(["dense1.weight", "dense1.bias"], report.Missing);
        Assert.All(classifier.Parameters, parameter => Assert.Equal(
            (parameter.Name.StartsWith("trunk.", StringComparison.Ordinal) ? pretraining.Model : (Model)fresh).Parameters[parameter.Name].ToArray(), parameter.ToArray()));
        using var loaded = Pretraining.Load(path);
        Assert.Equal(Tokenizer.Characters, loaded.Tokenizer.Characters);
    }

    [StandardFact]
    public void Some_epochs_teach_the_model_which_characters_occur()
    {
        using var device = new CpuDevice { Threads = 2 };
        using var pretraining = new Pretraining(new MaskedModel(seed: 1, device), Tokenizer);
        Review[] reviews = [.. Texts.Select(text => new Review(text, 0))];
        var before = pretraining.Evaluate(reviews).Loss;

        Assert.True(pretraining.Train(reviews, epochs: 10, seed: 1, TrainingView.None, CancellationToken.None));

        // Without training all 2,000 characters are about as likely; 50 occur.
        Assert.InRange(before, Math.Log(ReviewTexts.Vocabulary) - 0.5, Math.Log(ReviewTexts.Vocabulary) + 1);
        Assert.InRange(pretraining.Evaluate(reviews).Loss, 0, before - 1);
        Assert.Matches("^.*□.*\n  .: .+, .+, .+\n  .: .+, .+, .+\n  .: .+, .+, .+$", Guesses.Of(pretraining, Texts[0], seed: 1));
    }

    [Fact]
    public void Weights_or_a_tokenizer_that_do_not_exist_are_an_error_that_names_both_files()
    {
        using var folder = new TemporaryFolder();
        var (path, beside) = (Path.Combine(folder.Path, "masked.safetensors"), Path.Combine(folder.Path, "masked.tokenizer.json"));
        Assert.StartsWith(
            $"There is no '{path}' and no '{beside}'. A pre-training has two files, the weights and a tokenizer: 'masked.safetensors' and 'masked.tokenizer.json'.\nWhat to do: name the weights",
            Assert.Throws<FileNotFoundException>(() => Pretraining.Load(path)).Message,
            StringComparison.Ordinal);

        Tokenizer.Save(beside);

        Assert.StartsWith($"There is no '{path}'. A pre-training has two files", Assert.Throws<FileNotFoundException>(() => Pretraining.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_model_are_an_error_with_the_first_differences()
    {
        using var folder = new TemporaryFolder();
        using var device = new CpuDevice { Threads = 2 };
        using var other = new SentimentModel(seed: 1, device);
        var path = Path.Combine(folder.Path, "masked.safetensors");
        other.Save(path);
        Tokenizer.Save(Path.Combine(folder.Path, "masked.tokenizer.json"));

        var lines = Assert.Throws<InvalidDataException>(() => Pretraining.Load(path)).Message.Split('\n');

        Assert.Equal($"'{path}' does not have the weights of a pre-training of this program:", lines[0]);
        Assert.Equal("  'dense1.weight' is [2, 64] in the file, but [2000, 64] in the model", lines[1]);
        Assert.StartsWith("What to do: name the weights that an earlier run has saved", lines[^1], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 3, 8);
    }

    [Fact]
    public void Damaged_weights_and_a_tokenizer_that_is_damaged_or_too_large_are_an_error_that_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var (path, beside) = (folder.Write("masked.safetensors", "cut short"), Path.Combine(folder.Path, "masked.tokenizer.json"));
        Tokenizer.Save(beside);
        AssertRefused(path, $"'{path}' cannot be read as safetensors: ");

        folder.Write("masked.tokenizer.json", "{\"format\":");
        AssertRefused(path, $"'{beside}'");

        CharacterTokenizer.FromCharacters("ab", size: ReviewTexts.Tokens).Save(beside);
        AssertRefused(path, $"'{beside}' has 2001 ids; expected at most 2000, those of the model.");

        static void AssertRefused(string path, string beginning)
        {
            var lines = Assert.Throws<InvalidDataException>(() => Pretraining.Load(path)).Message.Split('\n');
            Assert.StartsWith(beginning, lines[0], StringComparison.Ordinal);
            Assert.StartsWith("What to do: name the weights that an earlier run has saved", lines[^1], StringComparison.Ordinal);
        }
    }

    [DataFact("text")]
    public void Reviews_for_the_test_are_not_among_those_for_training()
    {
        var reviews = ReviewTexts.Read(TestData.Folder("text"));

        Assert.Equal((6_212, 1_553), (reviews.Train.Length, reviews.Test.Length));
        Assert.InRange(reviews.Test.Average(review => review.Label), 0.65, 0.72);
        Assert.Empty(reviews.Train.Intersect(reviews.Test));
        Assert.InRange(reviews.CreateTokenizer().VocabularySize, 1_000, ReviewTexts.Vocabulary);
    }

    private static (int[] Tokens, int[] Positions, int[] Labels) Masked(string[] texts)
    {
        var data = new MaskedTexts(texts, Tokenizer);
        var batch = data.Batches(data.Count).First();
        return (batch.Ints(0).ToArray(), batch.Ints(1).ToArray(), batch.Ints(2).ToArray());
    }

    private static IEnumerable<(int Sample, int Slot, int Label)> Targets(int[] labels) => labels
        .Select((label, i) => (i / MaskedTexts.Targets, i % MaskedTexts.Targets, label))
        .Where(target => target.label != MaskedTexts.NoLabel);
}
