namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Labels that are ignored and tokens that are padding, in generated models as a program uses them.</summary>
public sealed class LeftOutTests(LeftOutTests.Compiled compiled) : IClassFixture<LeftOutTests.Compiled>
{
    private const string Source =
        """
        [Model, Input(3), Dense(4), SoftmaxCrossEntropy(Ignore = -100)] public partial class Ignoring;
        [Model, Input(3), Dense(4), SoftmaxCrossEntropy] public partial class Counting;
        [Model, TokenInput(4, 5, Padding = 0), Embedding(3), Dense(5), SoftmaxCrossEntropy] public partial class Padded;
        """;

    private static readonly float[] Inputs = [1, 2, 3, -1, 0, 1, 0.5f, -2, 0, 3, 1, -1];

    private readonly ModelLibrary library = compiled.Library;

    [Fact]
    public void Ignored_samples_change_nothing()
    {
        using var ignoring = library["Ignoring"].Create(Device.Cpu);
        using var counting = library["Counting"].Create(Device.Cpu);
        Step(ignoring, Batch.Of(4, Inputs, (ReadOnlySpan<int>)[3, -100, 1, -100]));
        Step(counting, Batch.Of(2, [1f, 2, 3, 0.5f, -2, 0], (ReadOnlySpan<int>)[3, 1]));
        Assert.Equal(counting.LastLoss, ignoring.LastLoss, 1e-6f);
        foreach (var gradient in counting.Gradients)
        {
            foreach (var (expected, actual) in gradient.ToArray().Zip(ignoring.Gradients[gradient.Name].ToArray())) Assert.Equal(expected, actual, 1e-6f);
        }
    }

    [Fact]
    public void Where_nothing_counts_loss_and_gradients_are_0()
    {
        using var model = library["Ignoring"].Create(Device.Cpu);
        Step(model, Batch.Of(4, Inputs, (ReadOnlySpan<int>)[-100, -100, -100, -100]));
        Assert.Equal(0, model.LastLoss);
        Assert.All(model.Gradients, gradient => Assert.All(gradient.ToArray(), value => Assert.Equal(0, value)));
        var score = new Trainer(new Sgd(0.1)).Evaluate(model, Dataset.FromArrays(Inputs, (int[])[-100, -100, -100, -100]));
        Assert.Equal(0, score.Loss);
        Assert.Equal(double.NaN, score["accuracy"]);
    }

    [Fact]
    public void A_label_that_is_neither_a_class_nor_ignored_is_an_error()
    {
        using var model = library["Ignoring"].Create(Device.Cpu);
        var message = Assert.Throws<ArgumentException>(() => model.Forward(Batch.Of(4, Inputs, (ReadOnlySpan<int>)[3, -100, -1, 0]))).Message;
        Assert.Contains("'label' of Ignoring takes the classes of SoftmaxCrossEntropy, from 0 to 3, and -100 for none; sample 2 has -1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_counts_in_no_metric()
    {
        using var model = library["Padded"].Create(Device.Cpu);
        int[] tokens = [1, 2, 0, 0, 3, 4, 1, 0];
        var logits = new float[8 * 5];
        var infer = Batch.Of(2, tokens, new int[8]);
        using (var inference = model.Infer(infer)) inference.Outputs().CopyTo(logits);
        int[] labels = [.. Enumerable.Range(0, 8).Select(i => Array.IndexOf(logits, logits[(i * 5)..((i + 1) * 5)].Max(), i * 5) - (i * 5))];
        for (var i = 0; i < labels.Length; i++)
        {
            // All wrong where there is padding, and once where there is none.
            if (tokens[i] == 0 || i == 5) labels[i] = (labels[i] + 1) % 5;
        }

        var score = new Trainer(new Sgd(0.1)) { BatchSize = 1 }.Evaluate(model, Dataset.FromArrays(tokens, labels, labelLength: 4));
        Assert.Equal(0.8, score["accuracy"], 1e-9);
    }

    private static void Step(Model model, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
    }

    /// <summary>The models above.</summary>
    public sealed class Compiled() : LibraryFixture(Source);
}
