using System.Globalization;
using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>A run of <see cref="Trainer.Fit"/> that can be stopped and continued, each time with new objects, as in a new process.</summary>
internal sealed class ResumedRun
{
    public const int Samples = 70;
    public const int BatchesPerEpoch = 5;

    public Func<Optimizer> Optimizer { get; init; } = () => new Adam(1e-2);

    public LearningRateSchedule? Schedule { get; init; }

    public Func<IEnumerable<TrainingCallback>> Callbacks { get; init; } = () => [];

    public Func<Metric[]>? Metrics { get; init; }

    public Func<Model> Model { get; init; } = () => new ResumedNet(seed: 4);

    public Func<DataSource>? Train { get; init; }

    public int Epochs { get; init; } = 6;

    public int BatchSize { get; init; } = 16;

    public int AccumulateSteps { get; init; } = 1;

    public int StepsPerEpoch => (BatchesPerEpoch + AccumulateSteps - 1) / AccumulateSteps;

    public bool? Prefetch { get; init; }

    public bool HasValidation { get; init; } = true;

    public CheckpointOptions? Checkpoint { get; set; }

    /// <summary>The path for <see cref="Trainer.Resume"/>; null for no call.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>The losses of all steps by their numbers, of all parts of the run.</summary>
    public SortedDictionary<long, double> Losses { get; } = [];

    public TrainingHistory History { get; private set; } = new();

    /// <summary>Everything that a resumed run must reproduce: weights, states, losses and history without times.</summary>
    public string Result { get; private set; } = "";

    /// <summary>Trains until the end, or until a callback stops the run.</summary>
    /// <param name="stop">A callback that stops the run; null for the whole run.</param>
    public ResumedRun Fit(TrainingCallback? stop = null, CancellationToken cancellation = default)
    {
        using var model = Model();
        var losses = new LossRecorder(Losses);
        var trainer = new Trainer(Optimizer())
        {
            Epochs = Epochs,
            BatchSize = BatchSize,
            AccumulateSteps = AccumulateSteps,
            Seed = 3,
            Prefetch = Prefetch,
            Schedule = Schedule,
            Metrics = Metrics?.Invoke(),
            Callbacks = [.. Callbacks(), losses, .. stop is null ? Array.Empty<TrainingCallback>() : [stop]],
            Checkpoint = Checkpoint,
            View = TrainingView.None,
        };
        if (ResumeFrom is not null)
            trainer.Resume(ResumeFrom);
        History = trainer.Fit(model, Train?.Invoke() ?? Pictures(Samples, 1).Augment([new RandomFlip(), new RandomShift(0.2)], seed: 5), HasValidation ? Pictures(20, 2).Augment([new RandomFlip()], seed: 6) : null, cancellation);
        Result = Describe(model);
        return this;
    }

    public static Dataset Pictures(int samples, int seed)
    {
        var random = new Random(seed);
        var pixels = new float[samples * 36];
        var labels = new int[samples];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = random.NextSingle() - 0.5f;
        for (var i = 0; i < samples; i++)
            labels[i] = random.Next(ResumedNet.Classes);
        return Dataset.FromColumns(DataColumn.Floats("input", pixels, 6, 6, 1), DataColumn.Ints("label", labels));
    }

    private string Describe(Model model)
    {
        var weights = model.Parameters.Concat<ParameterTensor>(model.States).Select(tensor => $"{tensor.Name} {Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(tensor.ToArray()))}");
        var epochs = History.Epochs.Select(epoch => string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch} loss {epoch.Loss:R} rate {epoch.LearningRate:R} {string.Join(' ', epoch.Metrics)} validation {epoch.ValidationLoss:R} {(epoch.Validation is { } v ? string.Join(' ', v.Metrics) : "")}"));
        return string.Join('\n', [
            .. weights, .. epochs, $"stopped {History.StopReason}, {History.Steps} steps",
            .. Losses.Select(step => string.Create(CultureInfo.InvariantCulture, $"step {step.Key} loss {step.Value:R}"))]);
    }

    private sealed class LossRecorder(SortedDictionary<long, double> losses) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step) => losses[step.Number] = step.Loss;
    }
}

/// <summary>Cancels a run at a step, in the validation of an epoch, or at the end of an epoch.</summary>
internal sealed class Canceller(CancellationTokenSource source) : TrainingCallback
{
    public long Step { get; init; }

    public int Validation { get; init; }

    public int Epoch { get; init; }

    public override void StepEnded(TrainingRun run, in TrainingStep step)
    {
        if (step.Number == Step)
            source.Cancel();
    }

    public override void Validating(TrainingRun run)
    {
        if (run.History.Epochs.Count + 1 == Validation)
            source.Cancel();
    }

    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        if (epoch.Epoch == Epoch)
            source.Cancel();
    }
}
