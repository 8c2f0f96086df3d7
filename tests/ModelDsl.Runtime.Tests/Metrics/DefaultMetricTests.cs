using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Metrics;

/// <summary>The default metrics of models.</summary>
public sealed class DefaultMetricTests
{
    public static TheoryData<string, Model, string> Models => new()
    {
        { "class labels", new Kinds(), "accuracy" },
        { "probabilities of classes", new SoftKinds(), "accuracy" },
        { "a yes or no for each sample", new YesOrNo(), "accuracy" },
        { "several values between 0 and 1", new ManyAnswers(), "" },
        { "a picture that is given back", new PictureBack(), "" },
        { "numbers", new Amounts(), "mae" },
        { "numbers that are given back", new AmountsBack(), "mae" },
        { "a loss of one's own", new OwnLoss(), "" },
        { "a loss of one's own on logits", new OwnBinaryLoss(), "accuracy" },
        { "a method on a label and logits", new OwnClassLoss(), "accuracy" },
        { "a method on several outputs", new TopicAndPrice(), "kind accuracy, size mae" },
        { "a method that gives back its input", new OwnPictureBack(), "" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_default_metric_follows_from_what_the_loss_compares(string what, Model model, string expected)
    {
        using (model)
        {
            var batch = new Batch([.. model.Description.Inputs, .. model.Description.Targets], 4) { Count = 4 };
            var data = Dataset.FromColumns([.. batch.Columns.Select((column, i) => column.Type == ColumnType.Float
                ? DataColumn.Floats(column.Name, batch.Floats(i).ToArray(), column.Shape)
                : DataColumn.Ints(column.Name, batch.Ints(i).ToArray(), column.Shape))]);

            var metrics = new Trainer(new Sgd(0.1)).Evaluate(model, data).Metrics;

            Assert.Equal(expected, string.Join(", ", metrics.Select(metric => metric.Name)));
            Assert.True(metrics.All(metric => double.IsFinite(metric.Value)), what);
        }
    }

    [Fact]
    public void Accuracy_of_a_loss_method_is_that_of_its_output()
    {
        using var model = new TopicAndPrice();
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(new float[parameter.ToArray().Length]);
        model.Parameters["dense1.bias"].CopyFrom([0, 1, 0]);
        model.Parameters["dense2.bias"].CopyFrom([5]);
        TopicAndPrice.Example[] examples = [new([0, 0], 1, 4), new([0, 0], 2, 8)];

        var score = new Trainer(new Sgd(0.1)).Evaluate(model, Dataset.FromSamples(examples, TopicAndPrice.Example.Layout));

        Assert.Equal(0.5, score["kind accuracy"]);
        Assert.Equal(2, score["size mae"], 1e-6);
    }

    [Fact]
    public void A_loss_of_ones_own_with_a_link_predicts_probabilities_and_without_one_says_that_values_are_raw()
    {
        using var activated = new OwnBinaryLoss(seed: 1);
        using var raw = new OwnLoss(seed: 1);
        float[] input = [0.5f, -2];

        Assert.Equal(1 / (1 + MathF.Exp(-activated.PredictLogits(input)[0])), activated.Predict(input)[0], 1e-6f);
        Assert.Equal(raw.PredictLogits(input), raw.Predict(input));
        Assert.Contains("Predict gives raw values", raw.Summary(), StringComparison.Ordinal);
        Assert.DoesNotContain("raw values", activated.Summary(), StringComparison.Ordinal);
        Assert.DoesNotContain("raw values", new Amounts().Summary(), StringComparison.Ordinal);
        using var rate = new OwnRate(seed: 1);
        Assert.Equal(MathF.Exp(rate.PredictLogits(input)[0]), rate.Predict(input)[0], 1e-5f);
    }

    [Fact]
    public void A_metric_cannot_look_inside_the_network()
    {
        using var model = new WithCode();
        var data = Dataset.FromArrays(new float[4], new float[4], targetLength: 2);

        Assert.Contains("looks at output 1", Assert.Throws<ArgumentException>(() => new Trainer(new Sgd(0.1)).Evaluate(model, data, new MeanAbsoluteError { Output = 1 })).Message, StringComparison.Ordinal);
        Assert.Equal("mae", Assert.Single(new Trainer(new Sgd(0.1)).Evaluate(model, data).Metrics).Name);
    }
}

[Model, Input(2), Dense(3), SoftmaxCrossEntropy]
internal sealed partial class Kinds;

[Model, Input(2), Dense(3), SoftmaxCrossEntropy(SoftTargets = true)]
internal sealed partial class SoftKinds;

[Model, Input(2), Dense(1), BinaryCrossEntropy]
internal sealed partial class YesOrNo;

[Model, Input(2), Dense(3), BinaryCrossEntropy]
internal sealed partial class ManyAnswers;

[Model, Input(2), Dense(2), BinaryCrossEntropy(Target = Target.Input)]
internal sealed partial class PictureBack;

[Model, Input(2), Dense(3), MeanSquaredError]
internal sealed partial class Amounts;

[Model, Input(2), Dense(2), MeanSquaredError(Target = Target.Input)]
internal sealed partial class AmountsBack;

[Model, Input(2), Dense(3), Output("code"), Dense(2), MeanSquaredError]
internal sealed partial class WithCode;

[Model, Input(2), Dense(1), Loss(nameof(Squared))]
internal sealed partial class OwnLoss
{
    private static float Squared(float y, float t) => (y - t) * (y - t);
}

[Model, Input(2), Dense(1), Loss(nameof(Focal), OutputActivation = OutputActivation.Sigmoid)]
internal sealed partial class OwnBinaryLoss
{
    private static float Focal(float y, float t)
    {
        var p = 1f / (1f + MathF.Exp(-y));
        return (-t * (1f - p) * MathF.Log(p)) - ((1f - t) * p * MathF.Log(1f - p));
    }
}

[Model, Input(2), Dense(1), Loss(nameof(Poisson), OutputActivation = OutputActivation.Exp)]
internal sealed partial class OwnRate
{
    private static float Poisson(float y, float t) => MathF.Exp(y) - (t * y);
}

[Model]
internal sealed partial class OwnClassLoss
{
    private static Tensor Forward([Input(2)] Tensor x) => x.Dense(3);

    [Loss]
    private static Tensor Focused(Tensor output, [Label(3)] Tensor kind) => output.SoftmaxCrossEntropy(kind).Square();
}

[Model]
internal sealed partial class TopicAndPrice
{
    private static (Tensor kind, Tensor size) Forward([Input(2)] Tensor x) => (x.Dense(3), x.Dense(1));

    [Loss]
    private static Tensor Both(Tensor kind, [Label(3)] Tensor which, Tensor size, [Target(1)] Tensor measured) =>
        kind.SoftmaxCrossEntropy(which) + (0.5 * size.Huber(measured));
}

[Model]
internal sealed partial class OwnPictureBack
{
    private static Tensor Forward([Input(2)] Tensor x) => x.Dense(1).Dense(2);

    [Loss]
    private static Tensor Back(Tensor x, Tensor output) => output.BinaryCrossEntropy(x);
}
