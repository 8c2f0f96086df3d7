using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Numbers out of range are named as the user wrote them, with what is allowed.</summary>
public class ArgumentTests
{
    private static readonly Dictionary<string, (Action<double> Set, double[] Wrong)> Numbers = new()
    {
        ["learningRate"] = (static value => _ = new Sgd(value), [-1, 1e6, double.NaN, double.PositiveInfinity]),
        ["learningRate of Adam"] = (static value => _ = new Adam(value), [-1, 1e6, double.NaN]),
        ["weightDecay"] = (static value => _ = new AdamW(weightDecay: value), [-1, 1e6, double.NaN]),
        ["LearningRate"] = (static value => new Adam().LearningRate = value, [-1, 1e6, double.NaN, double.PositiveInfinity]),
        ["ClipNorm"] = (static value => new Adam().ClipNorm = value, [0, -1, double.NaN]),
        ["ClipValue"] = (static value => new Adam().ClipValue = value, [0, -1, double.NaN]),
        ["momentum"] = (static value => _ = new Sgd(0.1, momentum: value), [-0.1, 1, double.NaN]),
        ["dampening"] = (static value => _ = new Sgd(0.1, dampening: value), [-0.1, double.NaN, double.PositiveInfinity]),
        ["beta1"] = (static value => _ = new Adam(beta1: value), [-0.1, 1, double.NaN]),
        ["beta2"] = (static value => _ = new Adam(beta2: value), [-0.1, 1, double.NaN]),
        ["epsilon"] = (static value => _ = new Adam(epsilon: value), [0, -1e-8, 10, double.NaN]),
        ["epsilon of RmsProp"] = (static value => _ = new RmsProp(epsilon: value), [0, -1e-8, 10, double.NaN]),
        ["alpha"] = (static value => _ = new RmsProp(alpha: value), [-0.1, 1, double.NaN]),
        ["learningRateDecay"] = (static value => _ = new AdaGrad(learningRateDecay: value), [-0.1, double.NaN, double.PositiveInfinity]),
        ["initialAccumulator"] = (static value => _ = new AdaGrad(initialAccumulator: value), [-0.1, double.NaN, double.PositiveInfinity]),
        ["Epochs"] = (static value => _ = new Trainer(new Sgd()) { Epochs = (int)value }, [0, -1]),
        ["BatchSize"] = (static value => _ = new Trainer(new Sgd()) { BatchSize = (int)value }, [0, -1]),
        ["AccumulateSteps"] = (static value => _ = new Trainer(new Sgd()) { AccumulateSteps = (int)value }, [0, -1]),
        ["factor of Scale"] = (static value => new Sgd().Scale("*", value), [-0.1, 1001, double.NaN]),
        ["eta"] = (static value => _ = new GradientNoise(value), [-0.1, double.NaN, double.PositiveInfinity]),
        ["clippingThreshold"] = (static value => _ = new Adafactor(clippingThreshold: value), [0.5, double.NaN]),
        ["EvaluationBatchSize"] = (static value => _ = new Trainer(new Sgd()) { EvaluationBatchSize = (int)value }, [0, -1]),
        ["ValidationSplit"] = (static value => _ = new Trainer(new Sgd()) { ValidationSplit = value }, [-0.1, 1, double.NaN]),
        ["MinimumChange"] = (static value => _ = new EarlyStopping { MinimumChange = value }, [-0.1, double.NaN, double.PositiveInfinity]),
        ["MinimumFactor"] = (static value => _ = new ReduceOnPlateau { MinimumFactor = value }, [-0.1, 1.5, double.NaN]),
        ["patience"] = (static value => _ = new EarlyStopping((int)value), [0, -1]),
        ["factor"] = (static value => _ = new ReduceOnPlateau(factor: value), [0, 1, double.NaN]),
        ["factor of Exponential"] = (static value => LearningRateSchedule.Exponential(value), [0, -1, double.NaN, double.PositiveInfinity]),
        ["factor of StepDecay"] = (static value => LearningRateSchedule.StepDecay(1, value), [0, -1, double.NaN, double.PositiveInfinity]),
        ["last"] = (static value => LearningRateSchedule.Cosine(value), [-0.1, 1.5, double.NaN]),
        ["steps"] = (static value => LearningRateSchedule.WarmUp((int)value), [0, -1]),
        ["Threads"] = (static value => new CpuDevice { Threads = (int)value }.Dispose(), [0, -1, 257]),
        ["VectorBits"] = (static value => new CpuDevice { VectorBits = (int)value }.Dispose(), [0, 64, 1024]),
        ["Channels"] = (static value => _ = new ImageInput(2, 2) { Channels = (int)value }, [0, 2, 4]),
        ["MostPixels"] = (static value => _ = new ImageReadOptions { MostPixels = (int)value }, [0, -1]),
        ["MostBytes"] = (static value => _ = new ImageReadOptions { MostBytes = (int)value }, [0, -1]),
        ["CacheBytes"] = (static value => _ = new ImageFolderOptions { CacheBytes = (int)value }, [-1]),
        ["Count"] = (static value => Batch.Of(1, [1f], [1f]).Count = (int)value, [-1, 2]),
        ["white"] = (static value => ImageSheet.Of([1f], 1, 1, white: (float)value), [0, -1, double.NaN]),
    };

    public static TheoryData<string> Names => [.. Numbers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_out_of_range_is_named_with_what_is_allowed(string name)
    {
        var argument = name.Split(' ')[0];
        foreach (var wrong in Numbers[name].Wrong)
        {
            var exception = Assert.Throws<ArgumentOutOfRangeException>(() => Numbers[name].Set(wrong));
            Assert.Equal(argument, exception.ParamName);
            Assert.StartsWith($"{argument} must be ", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(1e9)]
    public void A_schedule_that_gives_no_learning_rate_is_named(double factor)
    {
        using var model = new NoisyNet(seed: 1);
        var trainer = new Trainer(new Sgd(0.1)) { View = TrainingView.None, Schedule = new Fixed(factor) };
        var message = Assert.Throws<InvalidOperationException>(() => trainer.Fit(model, TrainingData.Linear(8))).Message;
        Assert.Contains("In epoch 1, after 0 steps, the schedule's factor", message, StringComparison.Ordinal);
        Assert.Equal(0.1, trainer.Optimizer.LearningRate);
    }

    private sealed class Fixed(double factor) : LearningRateSchedule
    {
        public override double Factor(in TrainingMoment moment) => factor;
    }
}
