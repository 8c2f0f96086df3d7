namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Warnings: what is probably a mistake, said once, and false alarms that are not given.</summary>
public class WarningTests
{
    [Fact]
    public void Bytes_of_pictures_are_warned_of_once_in_view_callbacks_and_history()
    {
        using var model = new NoisyNet(seed: 1);
        var recorder = new Recorder();
        var history = Fit(model, [0, 7, 255, 3, 128, 12], recorder);
        var warning = Assert.Single(history.Warnings);
        Assert.Contains("'input' of NoisyNet look like bytes: whole numbers up to 255, as in sample 0", warning.Message, StringComparison.Ordinal);
        Assert.Contains("1/255", warning.Message, StringComparison.Ordinal);
        Assert.Equal([$"view warned {warning.Message}", $"run warned {warning.Message}"], recorder.Events.Where(text => text.Contains("warned", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1e6f)]
    [InlineData(-20_000.5f)]
    public void Large_values_are_warned_of(float value)
    {
        using var model = new NoisyNet(seed: 1);
        Assert.Contains("sample 1 of the first batch", Assert.Single(Fit(model, [0, 0.5f, 1, 0, value, 0]).Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new float[] { 0, 1, 1, 0, 1, 0 })]
    [InlineData(new float[] { 0.1f, -3, 4, 2.5f, 0, 0 })]
    [InlineData(new float[] { 0, 255.5f, 17, 2.5f, 0, 0 })]
    [InlineData(new float[] { -5, 255, 17, 2, 0, 0 })]
    [InlineData(new float[] { 18, 99, 3, 5, 40, 0 })]
    [InlineData(new float[] { 1800, 990, 300, 1, 40, 0 })]
    public void Values_that_may_be_meant_are_not(float[] inputs)
    {
        using var model = new NoisyNet(seed: 1);
        Assert.Empty(Fit(model, inputs).Warnings);
    }

    [Fact]
    public void Tokens_labels_and_targets_are_not()
    {
        using var model = new TokenNet(seed: 1);
        var data = Dataset.FromColumns(
            DataColumn.Ints("tokens", new int[] { 0, 255, 128, 17 }, 2), DataColumn.Floats("target", new float[] { 200, 255 }));
        Assert.Empty(new Trainer(new Sgd(1e-9)) { Epochs = 1, View = TrainingView.None }.Fit(model, data).Warnings);
    }

    [Fact]
    public void A_model_that_begins_with_a_normalisation_is_not()
    {
        using var model = new ScalingNet(seed: 1);
        Assert.Empty(Fit(model, [0, 7, 255, 3, 128, 12]).Warnings);
    }

    [Fact]
    public void Nor_is_one_whose_user_said_so()
    {
        using var model = new NoisyNet(seed: 1);
        var trainer = new Trainer(new Sgd(1e-9)) { Epochs = 1, View = TrainingView.None, WarnOfUnscaledInputs = false };
        Assert.Empty(trainer.Fit(model, Dataset.FromArrays([0f, 7, 255, 3, 128, 12], new float[4], targetLength: 2)).Warnings);
    }

    [Fact]
    public void The_plain_view_prints_them()
    {
        using var writer = new StringWriter();
        TrainingView.Plain(writer).Warned(new TrainingWarning("Values [0, 255] are large."));
        Assert.Equal("Warning: Values [0, 255] are large.", writer.ToString().TrimEnd());
    }

    private static TrainingHistory Fit(Model model, float[] inputs, Recorder? recorder = null)
    {
        var trainer = new Trainer(new Sgd(1e-9))
        {
            Epochs = 2,
            Shuffle = false,
            View = (ITrainingView?)recorder ?? TrainingView.None,
            Callbacks = recorder is null ? [] : [recorder],
        };
        return trainer.Fit(model, Dataset.FromArrays(inputs, new float[4], targetLength: 2));
    }
}

[Model, TokenInput(2, 256), Embedding(3), Flatten, Dense(1), MeanSquaredError]
internal sealed partial class TokenNet;

[Model, Input(3), BatchNorm, Dense(2), MeanSquaredError]
internal sealed partial class ScalingNet;
