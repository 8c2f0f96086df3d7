using System.Globalization;
using ModelDsl.Runtime.Tests.Data;
using Translate;

namespace ModelDsl.Runtime.Tests.Samples;

/// <summary>The data of the sample Translate, and what its models write.</summary>
public sealed class TranslateTests
{
    [Fact]
    public void Dates_are_different_and_written_in_many_notations()
    {
        var pairs = DateNotations.Make(2_000, seed: 1);

        Assert.Equal(2_000, pairs.Select(pair => pair.Target).Distinct().Count());
        Assert.All(pairs, pair => Assert.True(DateTime.TryParseExact(pair.Target, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)));
        Assert.All(pairs, pair => Assert.InRange(pair.Source.Length, 6, Pairs.SourceLength));
        foreach (var part in (string[])["rd of ", "/", ".", ", 19", "MONDAY", "monday"])
            Assert.Contains(pairs, pair => pair.Source.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_are_the_translation_one_position_earlier()
    {
        var pairs = Pairs.Of([.. Enumerable.Repeat(new Pair("one", "eins"), 10)]);
        var batch = pairs.Samples(pairs.Train).Batches(1).First();

        Assert.Equal(pairs.Encode("one"), batch.Ints(0).ToArray());
        Assert.Equal([pairs.EndToken, .. pairs.Target.Encode("eins")], batch.Ints(1)[..5].ToArray());
        Assert.Equal([.. pairs.Target.Encode("eins"), pairs.EndToken], batch.Ints(2)[..5].ToArray());
        Assert.All((int[])[.. batch.Ints(1)[5..], .. batch.Ints(2)[5..]], token => Assert.Equal(CharacterTokenizer.Padding, token));
    }

    [Theory]
    [InlineData("one eins", "(1): is not a text, a tabulator and its translation.")]
    [InlineData("one\t", "(1): is not a text, a tabulator and its translation.")]
    [InlineData("one\teins\tuno", "(1): is not a text, a tabulator and its translation.")]
    [InlineData("more than thirty-two characters are too many\tx", "(1): the text has 44 characters; the model reads 32. Raise SourceLength in Pairs.cs, or leave the line out.")]
    [InlineData("x\tmore than twenty-three are too many", "(1): the translation has 35 characters; the model writes 23. Raise TargetLength in Pairs.cs, or leave the line out.")]
    [InlineData("one\teins", ": has 1 pairs; training and testing need at least 100.")]
    public void A_mistake_in_the_file_is_named(string line, string message)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "pairs.tsv");
        File.WriteAllText(path, line);

        Assert.Equal(path + message, Assert.Throws<InvalidDataException>(() => Pairs.Read(path, seed: 1)).Message);
    }

    [Fact]
    public void A_source_that_the_model_cannot_read_is_an_error()
    {
        var pairs = Pairs.Of(DateNotations.Make(100, seed: 1));

        Assert.StartsWith("'' has 0 characters; a source has 1 to 32.", Assert.Throws<ArgumentException>(() => pairs.Encode("")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => pairs.Encode(new string('1', 33)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_epoch_teaches_how_a_date_begins_and_many_texts_are_translated_like_each_alone(bool isRecurrent)
    {
        var pairs = Pairs.Of(DateNotations.Make(4_000, seed: 1));
        using var device = new CpuDevice { Threads = 2 };
        using Model model = isRecurrent ? new RecurrentModel(seed: 1, device) : new AttentionModel(seed: 1, device);
        var translator = new Translator(pairs, model);

        Assert.True(translator.Train(epochs: 1, seed: 1, TrainingView.None, CancellationToken.None));

        string[] sources = [.. pairs.Test.Take(20).Select(pair => pair.Source)];
        var written = translator.Translate(sources);
        Assert.All(written, text => Assert.Matches("^[12][0-9]{3}.*-", text));
        Assert.Equal(written, sources.Select(source => translator.Search(source, beams: 1)[0].Text));
    }
}
