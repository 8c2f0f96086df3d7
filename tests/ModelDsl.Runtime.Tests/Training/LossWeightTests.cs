using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Training;

[Model, Input(2), Dense(5), Tanh, Dense(3), SoftmaxCrossEntropy(SampleWeights = true, ClassWeights = new[] { 1f, 0.5f, 2f }, Ignore = -1)]
internal sealed partial class WeighedNet;

[Model, Input(2), Dense(3), MeanSquaredError(SampleWeights = true)]
internal sealed partial class WeighedValues;

/// <summary>Weights of samples and classes in batches, datasets and means over batches.</summary>
public sealed class LossWeightTests
{
    private static readonly int[] Classes = [.. Enumerable.Range(0, 40).Select(static i => i % 7 == 3 ? -1 : i * 5 % 3)];

    [Fact]
    public void A_sample_of_weight_two_counts_like_two_samples()
    {
        using var model = new WeighedValues(seed: 1);
        using var other = new WeighedValues(seed: 1);
        Step(model, Batch(model, [1, 2, -1, 0.5f], [0.1f, 0.2f, 0.3f, -1, 0, 1], [2, 1]));
        Step(other, Batch(other, [1, 2, 1, 2, -1, 0.5f], [0.1f, 0.2f, 0.3f, 0.1f, 0.2f, 0.3f, -1, 0, 1], [0.5f, 0.5f, 0.5f]));
        Assert.Equal(other.LastLoss, model.LastLoss, 1e-6);
        foreach (var (expected, actual) in Gradients(other).Zip(Gradients(model)))
            Assert.Equal(expected, actual, 1e-6);
    }

    [Fact]
    public void Accumulated_batches_train_like_one_large_batch()
    {
        using var large = new WeighedNet(seed: 1);
        using var small = new WeighedNet(seed: 1);
        var expected = Trainer(batchSize: 40, accumulate: 1).Fit(large, Data());
        var actual = Trainer(batchSize: 5, accumulate: 8).Fit(small, Data());
        for (var epoch = 0; epoch < 2; epoch++)
            Assert.Equal(expected.Epochs[epoch].Loss, actual.Epochs[epoch].Loss, 1e-5);
        foreach (var (a, b) in large.Parameters.SelectMany(static one => one.ToArray()).Zip(small.Parameters.SelectMany(static one => one.ToArray())))
            Assert.Equal(a, b, 2e-6);
    }

    [Fact]
    public void The_loss_of_an_evaluation_does_not_depend_on_the_size_of_batches()
    {
        using var model = new WeighedNet(seed: 1);
        var whole = Trainer(batchSize: 40, accumulate: 1).Evaluate(model, Data());
        Assert.Equal(whole.Loss, Trainer(batchSize: 3, accumulate: 1).Evaluate(model, Data()).Loss, 1e-6);

        // Accuracy counts samples, whatever their weights.
        var correct = Enumerable.Range(0, 40).Where(static i => Classes[i] >= 0).ToArray();
        var accuracy = whole.Metrics.Single(static metric => metric.Name == "accuracy").Value;
        Assert.Equal(accuracy * correct.Length, Math.Round(accuracy * correct.Length), 1e-9);
    }

    [Fact]
    public void Data_without_weights_is_an_error_that_says_what_to_do()
    {
        using var model = new WeighedNet(seed: 1);
        var data = Dataset.FromArrays(new float[80], new int[40]);
        var error = Assert.Throws<ArgumentException>(() => Trainer(batchSize: 8, accumulate: 1).Evaluate(model, data));
        Assert.Contains("add it with data.WithWeights(weights)", error.Message, StringComparison.Ordinal);
        Assert.Equal(["input", "label", "weight"], data.WithWeights(new float[40]).Columns.Select(static column => column.Name));
        Assert.Contains("39 weights, but 40 samples", Assert.Throws<ArgumentException>(() => data.WithWeights(new float[39])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_weight_that_is_negative_or_no_number_is_an_error(float weight)
    {
        using var model = new WeighedValues(seed: 1);
        var batch = Batch(model, [1, 2, -1, 0.5f], new float[6], [1, weight]);
        Assert.Contains("finite and not negative; sample 1 has", Assert.Throws<ArgumentException>(() => model.Forward(batch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_with_weights_allocates_nothing()
    {
        using var model = new WeighedValues(seed: 1);
        var batch = Batch(model, [1, 2, -1, 0.5f], new float[6], [1, 3]);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var i = 0; i < 50; i++)
                Step(model, batch);
        }));
    }

    private static Trainer Trainer(int batchSize, int accumulate) => new(new Sgd(0.5)) { Epochs = 2, BatchSize = batchSize, AccumulateSteps = accumulate, Shuffle = false, View = TrainingView.None };

    private static Dataset Data()
    {
        var random = new Random(3);
        return Dataset.FromArrays([.. Enumerable.Range(0, 80).Select(_ => (random.NextSingle() * 2) - 1)], Classes).WithWeights([.. Enumerable.Range(0, 40).Select(static i => i % 5 * 0.5f)]);
    }

    private static Batch Batch(Model model, float[] inputs, float[] targets, float[] weights)
    {
        var batch = new Batch(model.Description.Inputs.Concat(model.Description.Targets).ToList(), weights.Length) { Count = weights.Length };
        inputs.CopyTo(batch.Floats(0));
        targets.CopyTo(batch.Floats(1));
        weights.CopyTo(batch.Floats(2));
        return batch;
    }

    private static void Step(Model model, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
    }

    private static IEnumerable<float> Gradients(Model model) => model.Gradients.SelectMany(static gradient => gradient.ToArray());
}
