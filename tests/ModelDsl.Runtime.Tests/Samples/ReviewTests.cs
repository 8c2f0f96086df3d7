using System.Globalization;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;
using TextClassifier;

namespace ModelDsl.Runtime.Tests.Samples;

/// <summary>The data of the sample TextClassifier, and what its model learns from it.</summary>
public sealed class ReviewTests
{
    [Fact]
    public void Reviews_become_samples_and_those_without_a_text_are_left_out()
    {
        using var folder = Folder("label,review", ["0,", "1,\" \"", .. Rows(60, "1,好的酒店"), .. Rows(60, "0,\"太吵,不好\"")]);

        var reviews = Reviews.Read(folder.Path);

        Assert.Equal((120, 2), (reviews.Samples.Count, reviews.Empty));
        var batch = reviews.Samples.Batches(120).First();
        Assert.Equal([.. Enumerable.Repeat(1, 60), .. Enumerable.Repeat(0, 60)], batch.Ints(1).ToArray());
        Assert.Equal("好的酒店", reviews.Tokenizer.Decode(batch.Ints(0)[..Reviews.Length]));
        Assert.Equal("太吵,不好", reviews.Tokenizer.Decode(batch.Ints(0)[(119 * Reviews.Length)..]));
    }

    [Fact]
    public void Padding_is_before_a_short_text_and_a_long_one_loses_its_end()
    {
        using var folder = Folder("label,review", Rows(100, "1,ab"));
        var reviews = Reviews.Read(folder.Path);
        var (a, b) = (reviews.Tokenizer.Encode("a")[0], reviews.Tokenizer.Encode("b")[0]);

        Assert.Equal([.. Enumerable.Repeat(CharacterTokenizer.Padding, Reviews.Length - 2), a, b], reviews.Encode("ab"));
        Assert.Equal([b, .. Enumerable.Repeat(a, Reviews.Length - 1)], reviews.Encode("b" + new string('a', 200)));
    }

    [Theory]
    [InlineData("label,text", "1,ab", ": has no column 'review'; it has 'label', 'text'.")]
    [InlineData("stars,review", "1,ab", ": has no column 'label'; it has 'stars', 'review'.")]
    [InlineData("label,review", "2,ab", "(2): column 'label' holds '2', which is not one of the classes '0', '1'.")]
    [InlineData("label,review", "1", "(2): has 1 fields; the first row has 2.")]
    [InlineData("label,review", "1,", ": has 0 reviews with a text; training and testing need at least 100.")]
    public void A_mistake_in_the_file_is_named(string header, string row, string message)
    {
        using var folder = Folder(header, Rows(100, row));

        Assert.Equal(Path.Combine(folder.Path, Reviews.FileName) + message, Assert.Throws<InvalidDataException>(() => Reviews.Read(folder.Path)).Message);
    }

    [Fact]
    public void A_folder_without_the_file_is_an_error_that_names_the_file()
    {
        using var folder = new TemporaryFolder();

        var missing = Assert.Throws<FileNotFoundException>(() => Reviews.Read(folder.Path));

        Assert.Equal($"There is no {Path.Combine(folder.Path, Reviews.FileName)}.", missing.Message);
    }

    [Fact]
    public void An_empty_text_cannot_be_classified()
    {
        using var folder = Folder("label,review", Rows(100, "1,ab"));
        var reviews = Reviews.Read(folder.Path);

        Assert.StartsWith("The text '' is empty", Assert.Throws<ArgumentException>(() => reviews.Encode("")).Message, StringComparison.Ordinal);
    }

    /// <summary>The classes are 31.5 % and 68.5 % of the reviews.</summary>
    [DataFact("text")]
    public void Three_epochs_teach_the_model_which_reviews_are_positive()
    {
        var (train, test) = Reviews.Read(TestData.Folder("text")).Samples.Split(0.8, seed: 1);
        using var device = new CpuDevice { Threads = 2 };
        using var model = new ReviewModel(seed: 1, device);
        var trainer = new Trainer(new Adam(1e-3)) { Epochs = 3, BatchSize = 32, Seed = 1, View = TrainingView.None };

        trainer.Fit(model, train);

        var matrix = new ConfusionMatrix(Reviews.ClassNames);
        trainer.Evaluate(model, test, matrix);
        Assert.InRange(matrix.Result, 0.8, 0.92);
        Assert.InRange(matrix.F1(Average.Macro), 0.75, 0.91);
    }

    private static TemporaryFolder Folder(string header, IEnumerable<string> rows)
    {
        var folder = new TemporaryFolder();
        folder.Write(Reviews.FileName, string.Create(CultureInfo.InvariantCulture, $"{header}\n{string.Join('\n', rows)}\n"));
        return folder;
    }

    private static IEnumerable<string> Rows(int count, string row) => Enumerable.Repeat(row, count);
}
