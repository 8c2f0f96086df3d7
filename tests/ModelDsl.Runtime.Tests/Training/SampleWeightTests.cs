namespace ModelDsl.Runtime.Tests.Training;

[Model]
internal sealed partial class WeightedNet
{
    private static Tensor Forward([Input(2)] Tensor x) => x.Dense(3);

    [Loss]
    private static Tensor Weighted(Tensor output, [Label(3)] Tensor label, [Target(1)] Tensor weight) => weight.Sum() * output.SoftmaxCrossEntropy(label);
}

[Model, Input(2), Dense(3), SoftmaxCrossEntropy]
internal sealed partial class UnweightedNet;

/// <summary>A weight per sample is a column that a loss multiplies by.</summary>
public sealed class SampleWeightTests
{
    [Fact]
    public void A_sample_with_twice_the_weight_counts_like_two()
    {
        using var weighted = new WeightedNet(seed: 1);
        using var plain = new UnweightedNet(seed: 1);
        var batch = new Batch(weighted.Description.Inputs.Concat(weighted.Description.Targets).ToList(), 3) { Count = 3 };
        float[] x = [1, 2, -1, 0.5f, 0.25f, -2];
        x.CopyTo(batch.Floats(0));
        ((int[])[0, 2, 1]).CopyTo(batch.Ints(1));

        // Weights whose mean is 1: 2 of 4 samples, 1 and 1.
        ((float[])[1.5f, 0.75f, 0.75f]).CopyTo(batch.Floats(2));
        weighted.Forward(batch);
        weighted.Backward(batch);
        var twice = Batch.Of(4, [1, 2, 1, 2, -1, 0.5f, 0.25f, -2], (int[])[0, 0, 2, 1]);
        plain.Forward(twice);
        plain.Backward(twice);
        Assert.Equal(plain.LastLoss, weighted.LastLoss, 1e-6);
        foreach (var (expected, actual) in plain.Gradients.SelectMany(static gradient => gradient.ToArray()).Zip(weighted.Gradients.SelectMany(static gradient => gradient.ToArray())))
            Assert.Equal(expected, actual, 1e-6);
    }
}
