using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Images;
using ModelDsl.Runtime.Tests.Runs;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>The number of ranks does not change a bit of weights, states, losses and metrics.</summary>
public sealed class SameBitsTests
{
    private static readonly int[] Ranks = [2, 4, 8];

    private static readonly Dictionary<string, Func<Model>> Models = new()
    {
        ["Line"] = static () => new LinearRegression.Line(seed: 1),
        ["DigitModel"] = static () => new Digits.DigitModel(seed: 1),
        ["CifarNet"] = static () => new Cifar10.CifarNet(seed: 1),
        ["ConvolutionModel"] = static () => new Digits.ConvolutionModel(seed: 1),
        ["SmallGpt"] = static () => new CharGpt.SmallGpt(seed: 1),
        ["ResidualNet"] = static () => new Cifar10.ResidualNet(seed: 1),
        ["DigitVae"] = static () => new Vae.DigitVae(seed: 1),
        ["ReviewModel"] = static () => new TextClassifier.ReviewModel(seed: 1),
    };

    public static TheoryData<string> ModelNames => [.. TestScale.Some("models of samples on several ranks", Models.Keys, 2)];

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Keys];

    private static Dictionary<string, Func<Optimizer>> Optimizers { get; } = new()
    {
        ["AdaGrad"] = static () => new AdaGrad(1e-2),
        ["Adafactor"] = static () => new Adafactor(),
        ["Adam"] = static () => new Adam(1e-2) { ClipNorm = 0.1 },
        ["AdamW"] = static () => new AdamW(1e-2) { ClipValue = 0.01, GradientNoise = new GradientNoise(0.01) },
        ["Lamb"] = static () => new Lamb(1e-2),
        ["Lion"] = static () => new Lion(1e-3),
        ["NAdam"] = static () => new NAdam(1e-2),
        ["RAdam"] = static () => new RAdam(1e-2),
        ["RmsProp"] = static () => new RmsProp(1e-2),
        ["Sgd"] = static () => new Sgd(1e-2, momentum: 0.9) { ClipNorm = 0.1 },
    };

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Models_of_the_samples(string name)
    {
        var create = Models[name];
        using var model = create();
        var (train, validation) = (Samples.For(model, 20), Samples.For(model, 9, seed: 2));
        AssertSame(new GroupedRun { Model = create, Train = () => train, Validation = () => validation, Epochs = 1, BatchSize = 16, Optimizer = static () => new Adam(1e-3) });
    }

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void Every_optimizer(string name) => AssertSame(Pictures(optimizer: Optimizers[name]));

    [Theory]
    [InlineData(32, 2)]
    [InlineData(5, 3)]
    public void Accumulated_gradients(int batchSize, int steps) => AssertSame(Pictures(batchSize, steps));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(200)]
    public void Batches_that_cannot_be_divided(int batchSize) => AssertSame(Pictures(batchSize), of: batchSize == 1 ? [2] : Ranks);

    [Fact]
    public void Metrics_schedules_and_callbacks() => AssertSame(new GroupedRun
    {
        Model = static () => new ResumedNet(seed: 4),
        Train = static () => Samples.Pictures(70),
        Validation = static () => Samples.Pictures(21, seed: 2),
        Metrics = static () => [new Accuracy { TopK = 2 }, new ConfusionMatrix(), new RocAuc(), new F1Score(), new Precision { Class = 1 }, new Recall(), new Perplexity()],
        Schedule = LearningRateSchedule.Cosine(),
        Callbacks = static () => [AverageWeights.Exponential(0.9), new EarlyStopping(1), new ReduceOnPlateau(patience: 1)],
        Epochs = 6,
    });

    [Fact]
    public void Metrics_of_numbers()
    {
        using var model = new LinearRegression.Line();
        var (train, validation) = (Samples.For(model, 70), Samples.For(model, 21, seed: 2));
        AssertSame(new GroupedRun
        {
            Model = static () => new LinearRegression.Line(seed: 4),
            Train = () => train,
            Validation = () => validation,
            Metrics = static () => [new MeanAbsoluteError(), new RootMeanSquaredError(), new R2()],
        });
    }

    [Fact]
    public void Streams() => AssertSame(new GroupedRun
    {
        Model = static () => new LinearRegression.Line(seed: 4),
        Train = static () => StreamingDataset.From(Points(45), new SampleLayout<float>().Floats("x", 1, static x => [x]).Floats("y", 1, static x => [2 * x]), shuffleBuffer: 10),
        BatchSize = 16,
        AccumulateSteps = 2,
    });

    [Fact]
    public void More_parts_are_another_result_that_does_not_depend_on_ranks_either()
    {
        var run = Pictures();
        var one = run.OnThreads(1, static group => group.Parts = 16);
        Assert.Equal(one, run.OnThreads(16, static group => group.Parts = 16));
        Assert.NotEqual(one, run.OnThreads(1));
    }

    private static GroupedRun Pictures(int batchSize = 32, int accumulateSteps = 1, Func<Optimizer>? optimizer = null) => new()
    {
        Model = static () => new ResumedNet(seed: 4),
        Train = static () => Samples.Pictures(70).Augment([new RandomFlip(), new RandomShift(0.2)], seed: 5),
        Validation = static () => Samples.Pictures(21, seed: 2),
        Optimizer = optimizer ?? (static () => new Adam(1e-2)),
        BatchSize = batchSize,
        AccumulateSteps = accumulateSteps,
    };

    private static void AssertSame(GroupedRun run, params int[] of)
    {
        var expected = run.OnThreads(1);
        foreach (var ranks in of.Length > 0 ? of : Ranks)
            Assert.Equal(expected, run.OnThreads(ranks));
    }

    private static async IAsyncEnumerable<float> Points(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 7 == 0)
                await Task.Yield();
            yield return i / (float)count;
        }
    }
}
