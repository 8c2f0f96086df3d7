namespace ModelDsl.Runtime.Tests.Models;

/// <summary>Targets of a cross-entropy are probabilities.</summary>
public class TargetTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_target_that_is_no_probability_is_found_wherever_it_is(float wrong)
    {
        using var model = new Judge(seed: 1);
        var batch = Batch.Of(41, new float[82], new float[123]);
        for (var at = 0; at < 123; at++)
        {
            batch.Floats(1).Fill(1);
            batch.Floats(1)[at] = wrong;
            var message = Assert.Throws<ArgumentException>(() => model.Forward(batch)).Message;
            Assert.StartsWith($"'target' of Judge takes probabilities, from 0 to 1, for the loss is a cross-entropy; sample {at / 3}, position {at % 3} has ", message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => model.Infer(batch, ModelDsl.Compiled.InferParts.Loss));
        model.Infer(batch).Dispose();
    }

    [Fact]
    public void Bounds_and_their_rounding_are_probabilities()
    {
        using var model = new Judge(seed: 1);
        model.Forward(Batch.Of(1, [1f, 2], [0f, 1, MathF.BitIncrement(1)]));
    }

    [Fact]
    public void An_autoencoders_inputs_are_its_targets()
    {
        using var model = new BinaryEncoder(seed: 1);
        model.Forward(Batch.Of(1, [0f, 0.5f, 1]));
        Assert.Contains("'input' of BinaryEncoder takes probabilities", Assert.Throws<ArgumentException>(() => model.Forward(Batch.Of(1, [0f, 255, 1]))).Message, StringComparison.Ordinal);
    }
}

[Model, Input(2), Dense(3), BinaryCrossEntropy]
internal sealed partial class Judge;

[Model, Input(3), Dense(2), Dense(3), BinaryCrossEntropy(Target = Target.Input)]
internal sealed partial class BinaryEncoder;
