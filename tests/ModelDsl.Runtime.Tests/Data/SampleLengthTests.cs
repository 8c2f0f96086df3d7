using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Data;

/// <summary>Arrays that are divided into parts of samples, because the number of targets per sample is not given.</summary>
public sealed class SampleLengthTests
{
    [Fact]
    public void Targets_without_their_length_are_one_error_that_names_both_lengths_and_the_argument()
    {
        var pictures = new float[784 * 4];
        using var model = new Compressor(seed: 1);
        var trainer = new Trainer(new Sgd(0.1)) { Epochs = 1, View = TrainingView.None };

        var message = Assert.Throws<ArgumentException>(() => trainer.Fit(model, Dataset.FromArrays(pictures, pictures))).Message;

        Assert.Contains("A sample of the data has 1 of 'input' and 1 of 'target' where the model takes 784 and 784", message, StringComparison.Ordinal);
        Assert.Contains("Say targetLength: 784: that makes 4 samples instead of 3,136.", message, StringComparison.Ordinal);
        trainer.Fit(model, Dataset.FromArrays(pictures, pictures, targetLength: 784));
    }

    [Fact]
    public void A_loop_of_ones_own_gets_the_same_advice()
    {
        var pictures = new float[784 * 2];
        using var model = new Compressor(seed: 1);
        var batch = Dataset.FromArrays(pictures, pictures).Batches(8).First();

        Assert.Contains("Say targetLength: 784.", Assert.Throws<ArgumentException>(() => model.Forward(batch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 3, 6, 3, 12, "")]
    [InlineData(6, 3, 2, 1, 12, "Say targetLength: 3: that makes 4 samples instead of 12.")]
    [InlineData(6, 3, 2, 1, 13, "13 times 1 values do not divide by 3")]
    [InlineData(12, 4, 6, 2, 8, "every 2 values of the targets for a sample")]
    [InlineData(6, 3, 4, 1, 12, "")]
    [InlineData(2, 1, 6, 3, 12, "")]
    public void Only_pieces_of_samples_are_taken_for_them(int input, int target, int given, int givenTarget, int samples, string advice)
    {
        var hint = ColumnCheck.LengthHint(Columns(input, target), Columns(given, givenTarget), samples);

        if (advice.Length == 0)
            Assert.Equal("", hint);
        else
            Assert.Contains(advice, hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_that_cannot_be_divided_name_the_argument_at_once()
    {
        var message = Assert.Throws<ArgumentException>(() => Dataset.FromArrays(new float[78 * 4], new float[10 * 4])).Message;

        Assert.Contains("312 input values cannot be divided among 40 samples", message, StringComparison.Ordinal);
        Assert.Contains("say how many with targetLength", message, StringComparison.Ordinal);
        Assert.Contains("with labelLength", Assert.Throws<ArgumentException>(() => Dataset.FromArrays(new float[10], new int[4])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_says_what_it_consists_of() =>
        Assert.Equal("2,000 samples of 'input' (float × 3), 'label' (int)", Dataset.FromArrays(new float[6000], new int[2000]).ToString());

    private static ColumnDescription[] Columns(int input, int target) => [new("input", ColumnType.Float, [input]), new("target", ColumnType.Float, [target])];
}

[Model, Input(784), Dense(4), Relu, Dense(784), MeanSquaredError]
internal sealed partial class Compressor;
