using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>Steps that are undone change nothing on a device.</summary>
[Collection(SharedDevice.Name)]
public sealed class UndoTests(SharedDevice shared)
{
    [StandardFact]
    public void A_loss_that_is_not_finite_leaves_states_as_they_were()
    {
        using var model = new BatchNormalised(seed: 1, shared.Device);
        var batch = Samples.Of(model.Description, 4, seed: 1);
        model.Forward(batch);
        model.Backward(batch);
        var before = Values(model);
        batch.Floats(0)[0] = float.NaN;
        var bad = Dataset.FromColumns(DataColumn.Floats("input", batch.Floats(0).ToArray(), 3, 4), DataColumn.Floats("target", batch.Floats(1).ToArray(), 2));
        Assert.Throws<NonFiniteLossException>(() => new Trainer(new Sgd(0.1)) { Epochs = 1, BatchSize = 4, View = TrainingView.None }.Fit(model, bad));
        Assert.Equal(before, Values(model));

        model.Forward(batch);
        model.Backward(batch);
        Assert.NotEqual(before, Values(model));
        model.UndoStep();
        Assert.Equal(before, Values(model));
    }

    [StandardFact]
    public void An_infinite_gradient_leaves_parameters_and_the_optimizers_state_as_they_were()
    {
        using var model = new Classifier(seed: 1, shared.Device);
        using var same = new Classifier(seed: 1, shared.Device);
        var (optimizer, other) = (new Adam(0.1) { ClipNorm = 1 }, new Adam(0.1) { ClipNorm = 1 });
        var batch = Samples.Of(model.Description, 4, seed: 1);
        Step(model, optimizer);
        Step(same, other);
        var before = Values(model);
        model.Forward(batch);
        model.Backward(batch);
        var gradient = model.Gradients["dense2.bias"].ToArray();
        gradient[1] = float.NegativeInfinity;
        model.Gradients["dense2.bias"].CopyFrom(gradient);
        Assert.Equal("dense2.bias", Assert.Throws<NonFiniteGradientException>(() => optimizer.Update(model)).Parameter);
        Assert.Equal(before, Values(model));
        Step(model, optimizer);
        Step(same, other);
        Assert.Equal(Values(same), Values(model));

        void Step(Model trained, Optimizer by)
        {
            trained.Forward(batch);
            trained.Backward(batch);
            by.Update(trained);
        }
    }

    private static float[] Values(Model model) => [.. model.Parameters.Concat<ParameterTensor>(model.States).SelectMany(tensor => tensor.ToArray())];
}
