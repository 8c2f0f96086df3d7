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
            Assert.StartsWith($"'target' of Judge takes the probabilities of BinaryCrossEntropy, from 0 to 1; sample {at / 3}, position {at % 3} has ", message, StringComparison.Ordinal);
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
        Assert.Contains("'input' of BinaryEncoder takes the probabilities of BinaryCrossEntropy", Assert.Throws<ArgumentException>(() => model.Forward(Batch.Of(1, [0f, 255, 1]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2, "'kinds' of Tasks takes the classes of SoftmaxCrossEntropy, from 0 to 4; sample 2 has 7.")]
    [InlineData(1, 1, "'shares' of Tasks takes the probabilities of SoftmaxCrossEntropy, from 0 to 1; sample 0, position 1 has 7.")]
    [InlineData(2, 6, "'answers' of Tasks takes the probabilities of BinaryCrossEntropy, from 0 to 1; sample 1, position 2 has 7.")]
    [InlineData(2, 11, "'answers' of Tasks takes the probabilities of BinaryCrossEntropy, from 0 to 1; sample 2, position 3 has 7.")]
    [InlineData(3, 4, "'marks' of Tasks takes the probabilities of BinaryCrossEntropy, from 0 to 1; sample 0, position 4 has 7.")]
    public void Losses_that_are_methods_check_what_they_compare_with(int column, int at, string message)
    {
        using var model = new Tasks(seed: 1);
        var batch = model.BatchOf(3);
        model.Forward(batch);
        if (column == 0)
            batch.Ints(1)[at] = 7;
        else
            batch.Floats(column + 1)[at] = 7;
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => model.Forward(batch)).Message, StringComparison.Ordinal);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => model.Infer(batch, ModelDsl.Compiled.InferParts.Loss)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_column_only_the_elements_that_a_cross_entropy_compares_with_are_probabilities()
    {
        using var model = new Tasks(seed: 1);
        var batch = model.BatchOf(3);
        for (var sample = 0; sample < 3; sample++)
        {
            batch.Floats(3)[(sample * 4) + 0] = 7;
            batch.Floats(3)[(sample * 4) + 1] = -7;
            batch.Floats(4)[(sample * 6) + 0] = 7;
            batch.Floats(4)[(sample * 6) + 3] = -7;
        }

        model.Forward(batch);
        Assert.True(float.IsFinite(model.LastLoss));
    }

    [Fact]
    public void A_function_of_ones_own_that_takes_logits_is_named()
    {
        using var model = new Focal(seed: 1);
        Assert.StartsWith(
            "'target' of Focal takes the probabilities of Loss, from 0 to 1; sample 1 has 7.",
            Assert.Throws<ArgumentException>(() => model.Forward(Batch.Of(2, [0f, 0], [0f, 7]))).Message,
            StringComparison.Ordinal);
    }
}

[Model]
internal sealed partial class Tasks
{
    public Batch BatchOf(int samples) => new([.. Description.Inputs, .. Description.Targets], samples) { Count = samples };

    private static (Tensor kind, Tensor share, Tensor answer, Tensor mark) Forward([Input(2)] Tensor x) =>
        (x.Dense(5), x.Dense(2), x.Dense(2), x.Dense(4).Reshape(2, 2));

    [Loss]
    private static Tensor All(
        Tensor kind, [Label(5)] Tensor kinds, Tensor share, [Target(2)] Tensor shares, Tensor answer, [Target(4)] Tensor answers, Tensor mark, [Target(2, 3)] Tensor marks) =>
        kind.SoftmaxCrossEntropy(kinds) + share.SoftmaxCrossEntropy(shares) + answer.BinaryCrossEntropy(answers[2..]).Mean()
            + answer.MeanSquaredError(answers[..2]).Mean() + mark.BinaryCrossEntropy(marks.Slice(1, 2, axis: 1)).Mean();
}

[Model, Input(1), Dense(1), Loss(nameof(Loss), OutputActivation = OutputActivation.Sigmoid)]
internal sealed partial class Focal
{
    private static float Loss(float logit, float target) => (logit - target) * (logit - target);
}

[Model, Input(2), Dense(3), BinaryCrossEntropy]
internal sealed partial class Judge;

[Model, Input(3), Dense(2), Dense(3), BinaryCrossEntropy(Target = Target.Input)]
internal sealed partial class BinaryEncoder;
