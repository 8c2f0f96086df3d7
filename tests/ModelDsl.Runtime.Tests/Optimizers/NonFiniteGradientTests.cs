using ModelDsl.Runtime.Tests.Models;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Runtime.Tests.Optimizers;

/// <summary>With a limit of the norm, gradients that are not finite are an error that changes nothing.</summary>
public sealed class NonFiniteGradientTests
{
    public static TheoryData<float> NotFinite => [float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    [Theory]
    [MemberData(nameof(NotFinite))]
    public void An_infinite_gradient_leaves_parameters_and_the_optimizers_state_as_they_were(float gradient)
    {
        using var model = ModelTests.Known();
        using var same = ModelTests.Known();
        var (optimizer, other) = (new Adam(0.1) { ClipNorm = 1 }, new Adam(0.1) { ClipNorm = 1 });
        Update(model, optimizer, 1);
        Update(same, other, 1);
        var before = UndoTests.Values(model);
        var exception = Assert.Throws<NonFiniteGradientException>(() => Update(model, optimizer, gradient));
        Assert.Equal("dense1.weight", exception.Parameter);
        Assert.Contains("'dense1.weight'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, UndoTests.Values(model));

        // The optimizer continues as if there had been no such update.
        Update(model, optimizer, 2);
        Update(same, other, 2);
        Assert.Equal(UndoTests.Values(same), UndoTests.Values(model));
    }

    [Fact]
    public void A_norm_beyond_what_floats_can_hold_is_said_to_be_that()
    {
        using var model = ModelTests.Known();
        var exception = Assert.Throws<NonFiniteGradientException>(() => Update(model, new Sgd(0.1) { ClipNorm = 1 }, 1e30f));
        Assert.Null(exception.Parameter);
        Assert.Contains("too large", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ends_with_the_model_before_the_step()
    {
        using var model = new SteepNet(seed: 1);
        var before = UndoTests.Values(model);
        var history = default(TrainingHistory);
        Assert.Throws<NonFiniteGradientException>(() =>
            history = new Trainer(new Sgd(0.1) { ClipNorm = 1 }) { Epochs = 1, BatchSize = 2, View = TrainingView.None }.Fit(model, Steep()));
        Assert.Null(history);
        Assert.Equal(before, UndoTests.Values(model));
    }

    [Fact]
    public void Fit_that_goes_on_leaves_the_step_out_and_says_so()
    {
        using var model = new SteepNet(seed: 1);
        var before = UndoTests.Values(model);
        var history = new Trainer(new Sgd(0.1) { ClipNorm = 1 }) { Epochs = 2, BatchSize = 2, View = TrainingView.None, StopOnNonFiniteLoss = false }
            .Fit(model, Steep());
        Assert.Equal(before, UndoTests.Values(model));
        Assert.Equal(0, history.Steps);
        Assert.Contains("skipped", Assert.Single(history.Warnings).Message, StringComparison.Ordinal);
    }

    /// <summary>The loss is finite, and the norm of its gradients is not.</summary>
    private static Dataset Steep() => Dataset.FromArrays([1e10f, 2, 3, -1e10f, 0, 1], [1e18f, 1e18f]);

    private static void Update(LinearModel model, Optimizer optimizer, float gradient)
    {
        foreach (var tensor in model.Gradients)
        {
            var values = new float[tensor.Count];
            Array.Fill(values, 0.5f);
            values[0] = gradient;
            tensor.CopyFrom(values);
        }

        optimizer.Update(model);
    }
}

[Model]
internal sealed partial class SteepNet
{
    private static Tensor Forward([Input(3)] Tensor x) => (x.BatchNorm() + x).Dense(1);

    [Loss]
    private static Tensor Squares(Tensor output, [Target(1)] Tensor y) => (output - y).Square().Mean();
}
