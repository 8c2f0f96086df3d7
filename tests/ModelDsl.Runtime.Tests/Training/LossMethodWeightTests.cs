namespace ModelDsl.Runtime.Tests.Training;

[Model, Input(2), Dense(5), Tanh, Dense(3), SoftmaxCrossEntropy(SampleWeights = true, ClassWeights = new[] { 1f, 0.5f, 2f }, LabelSmoothing = 0.1, Ignore = -1)]
internal sealed partial class ListOfClasses;

[Model]
internal sealed partial class MethodOfClasses
{
    private static Tensor Forward([Input(2)] Tensor input) => input.Dense(5).Tanh().Dense(3);

    [Loss]
    private static Tensor Weighed(Tensor output, [Target(1)] Tensor importance, [Label(3, Ignore = -1)] Tensor label) =>
        output.SoftmaxCrossEntropy(label, labelSmoothing: 0.1, classWeights: [1, 0.5, 2], weights: importance);
}

[Model, Input(2), Dense(3), BinaryCrossEntropy(SampleWeights = true, PositiveWeight = 4)]
internal sealed partial class ListOfDecisions;

[Model]
internal sealed partial class MethodOfDecisions
{
    private static Tensor Forward([Input(2)] Tensor input) => input.Dense(3);

    [Loss]
    private static Tensor Weighed(Tensor output, [Target(3)] Tensor target, [Target(1)] Tensor weight) => output.BinaryCrossEntropy(target, positiveWeight: 4, weights: weight);
}

[Model]
internal sealed partial class WeighedElements
{
    private static Tensor Forward([Input(2)] Tensor input) => input.Dense(3);

    [Loss]
    private static Tensor Weighed(Tensor output, [Target(3)] Tensor target, [Target(3)] Tensor weight) => output.MeanSquaredError(target, weights: weight);
}

[Model]
internal sealed partial class OneOfTwoWeighed
{
    private static (Tensor left, Tensor right) Forward([Input(2)] Tensor input) => (input.Dense(1), input.Dense(1));

    [Loss]
    private static Tensor Both(Tensor left, Tensor right, [Target(1)] Tensor target, [Target(1)] Tensor weight) => left.Huber(target, weights: weight) + right.MeanAbsoluteError(target);
}

[Model]
internal sealed partial class ComputedWeights
{
    private static Tensor Forward([Input(2)] Tensor input) => input.Dense(3);

    [Loss]
    private static Tensor Weighed(Tensor output, [Target(3)] Tensor target, [Target(1)] Tensor weight) => output.MeanSquaredError(target, weights: weight.Sqrt());
}

/// <summary>Weights of samples and classes in losses that are methods.</summary>
public sealed class LossMethodWeightTests
{
    private const int Count = 40;

    private static readonly int[] Labels = [.. Enumerable.Range(0, Count).Select(static i => i % 7 == 3 ? -1 : i * 5 % 3)];
    private static readonly float[] Weights = [.. Enumerable.Range(0, Count).Select(static i => i % 5 * 0.5f)];
    private static readonly float[] Inputs = Values(2 * Count, seed: 3);

    [Fact]
    public void Classes_and_samples_weigh_as_in_a_list()
    {
        using var list = new ListOfClasses(seed: 1);
        using var method = new MethodOfClasses(seed: 1);
        Step(list, Inputs, Labels, Weights);
        Step(method, Inputs, Weights, Labels);
        Assert.Equal(list.LastLoss, method.LastLoss);
        Assert.Equal(Gradients(list), Gradients(method));
    }

    [Fact]
    public void Binary_decisions_weigh_as_in_a_list()
    {
        using var list = new ListOfDecisions(seed: 1);
        using var method = new MethodOfDecisions(seed: 1);
        float[] targets = [.. Values(3 * Count, seed: 4).Select(static value => value > 0 ? 1f : 0f)];
        Step(list, Inputs, targets, Weights);
        Step(method, Inputs, targets, Weights);
        Assert.Equal(list.LastLoss, method.LastLoss);
        Assert.Equal(Gradients(list), Gradients(method));
    }

    [Fact]
    public void Each_element_can_have_a_weight()
    {
        using var model = new WeighedElements(seed: 1);
        float[] targets = Values(3 * Count, seed: 5), weights = [.. Values(3 * Count, seed: 6).Select(Math.Abs)];
        Step(model, Inputs, targets, weights);
        var (sum, total) = (0.0, 0.0);
        foreach (var (i, output) in model.LastOutputs().ToArray().Index())
        {
            sum += weights[i] * Math.Pow(output - targets[i], 2);
            total += weights[i];
        }

        Assert.Equal(sum / total, model.LastLoss, 1e-6);
    }

    [Fact]
    public void Accumulated_batches_and_evaluations_are_means_by_weight()
    {
        using var large = new MethodOfClasses(seed: 1);
        using var small = new MethodOfClasses(seed: 1);
        var data = Dataset.FromColumns(DataColumn.Floats("input", Inputs, 2), DataColumn.Floats("importance", Weights), DataColumn.Ints("label", Labels));
        Assert.Equal(Trainer(40, 1).Evaluate(large, data).Loss, Trainer(3, 1).Evaluate(large, data).Loss, 1e-6);
        Trainer(40, 1).Fit(large, data);
        var history = Trainer(5, 8).Fit(small, data);
        Assert.Contains(history.Last!.Metrics, static metric => metric.Name == "accuracy");
        foreach (var (expected, actual) in large.Parameters.SelectMany(static one => one.ToArray()).Zip(small.Parameters.SelectMany(static one => one.ToArray())))
            Assert.Equal(expected, actual, 2e-6);
    }

    [Fact]
    public void A_column_that_weighs_only_one_of_two_losses_is_an_ordinary_column()
    {
        using var one = new OneOfTwoWeighed();
        using var all = new WeighedElements();
        Assert.DoesNotContain(one.Description.Targets, static target => target.IsWeight);
        Assert.Equal("weight", Assert.Single(all.Description.Targets, static target => target.IsWeight).Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Count)]
    public void A_weight_that_is_no_number_makes_the_loss_none(int negative)
    {
        using var model = new ComputedWeights(seed: 1);
        Step(model, Inputs, new float[3 * Count], (float[])[.. Enumerable.Range(0, Count).Select(i => i < negative ? -1f : 1f)]);
        Assert.Equal(double.NaN, model.LastLoss);
        Assert.All(Gradients(model), static gradient => Assert.Equal(float.NaN, gradient));
    }

    [Fact]
    public void Every_column_of_weights_is_checked()
    {
        var weights = new float[3 * Count];
        weights[7] = float.NaN;
        using var elements = new WeighedElements();
        Assert.Contains("sample 2, position 1 has NaN", Assert.Throws<ArgumentException>(() => Step(elements, Inputs, new float[3 * Count], weights)).Message, StringComparison.Ordinal);

        float[] ofSamples = [.. Enumerable.Range(0, Count).Select(static i => i == 5 ? -1f : 1f)];
        using var one = new OneOfTwoWeighed();
        Assert.Contains("sample 5 has -1", Assert.Throws<ArgumentException>(() => Step(one, Inputs, new float[Count], ofSamples)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_weights_are_an_error_that_says_how_to_add_them()
    {
        using var model = new WeighedElements();
        var data = Dataset.FromArrays(Inputs, new float[3 * Count], targetLength: 3);
        Assert.Contains("in the column 'weight': add 3 values for each sample as the last column.", Assert.Throws<ArgumentException>(() => Trainer(8, 1).Fit(model, data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_counts_targets_without_weights()
    {
        using var model = new MethodOfClasses(seed: 1);
        var data = Dataset.FromColumns(DataColumn.Floats("input", Inputs, 2), DataColumn.Floats("importance", Weights), DataColumn.Ints("label", Labels));
        Assert.Equal(Trainer(8, 1).Evaluate(model, data)["accuracy"], Trainer(8, 1).Evaluate(model, data, new Accuracy { Target = 0 })["accuracy"]);
    }

    [Fact]
    public void A_metric_cannot_compare_with_weights()
    {
        using var model = new WeighedElements();
        var trainer = new Trainer(new Sgd(0.1)) { Metrics = [new MeanAbsoluteError { Target = 1 }] };
        var data = Dataset.FromColumns(DataColumn.Floats("input", Inputs, 2), DataColumn.Floats("target", new float[3 * Count], 3), DataColumn.Floats("weight", new float[3 * Count], 3));
        Assert.Contains("compares with target 1; the targets of WeighedElements are 0, 'target'.", Assert.Throws<ArgumentException>(() => trainer.Evaluate(model, data)).Message, StringComparison.Ordinal);
    }

    private static Trainer Trainer(int batchSize, int accumulate) => new(new Sgd(0.5)) { Epochs = 2, BatchSize = batchSize, AccumulateSteps = accumulate, Shuffle = false, View = TrainingView.None };

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static void Step(Model model, params Array[] columns)
    {
        var batch = new Batch([.. model.Description.Inputs, .. model.Description.Targets], Count) { Count = Count };
        foreach (var (index, column) in columns.Index())
        {
            if (column is int[] labels)
                labels.CopyTo(batch.Ints(index));
            else
                ((float[])column).CopyTo(batch.Floats(index));
        }

        model.Forward(batch);
        model.Backward(batch);
    }

    private static float[] Gradients(Model model) => [.. model.Gradients.SelectMany(static gradient => gradient.ToArray())];
}
