using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelDsl.Distributed.Tests.Support;

/// <summary>A run that several ranks can train, each with new objects.</summary>
internal sealed class GroupedRun
{
    public required Func<Model> Model { get; init; }

    public required Func<DataSource> Train { get; init; }

    public Func<DataSource>? Validation { get; init; }

    public Func<Optimizer> Optimizer { get; init; } = static () => new Adam(1e-2);

    public Func<Metric[]>? Metrics { get; init; }

    public Func<IEnumerable<TrainingCallback>> Callbacks { get; init; } = static () => [];

    public LearningRateSchedule? Schedule { get; init; }

    public int Epochs { get; init; } = 2;

    public int BatchSize { get; init; } = 32;

    public int AccumulateSteps { get; init; } = 1;

    public Sharding Shard { get; set; }

    public CheckpointOptions? Checkpoint { get; set; }

    /// <summary>Returns the path with which a rank calls <see cref="Trainer.Resume"/>; null for no call.</summary>
    public Func<Collective, string?> ResumeFrom { get; init; } = static _ => null;

    /// <summary>Trains on threads, and returns what all of them got.</summary>
    public string OnThreads(int ranks, Action<Collective>? configure = null, Func<Collective, TrainingCallback?>? callback = null, CancellationToken cancellation = default)
    {
        var results = new string[ranks];
        ThreadCollective.Run(ranks, group =>
        {
            configure?.Invoke(group);
            results[group.Rank] = Fit(group, callback?.Invoke(group), cancellation);
        });
        Assert.All(results, result => Assert.Equal(results[0], result));
        return results[0];
    }

    /// <summary>Trains on this rank.</summary>
    public string Fit(Collective? group, TrainingCallback? callback = null, CancellationToken cancellation = default)
    {
        using var model = Model();
        var losses = new LossRecorder();
        var trainer = new Trainer(Optimizer())
        {
            Group = group,
            Epochs = Epochs,
            BatchSize = BatchSize,
            AccumulateSteps = AccumulateSteps,
            Seed = 3,
            Metrics = Metrics?.Invoke(),
            Callbacks = [.. Callbacks(), losses, .. callback is null ? Array.Empty<TrainingCallback>() : [callback]],
            Schedule = Schedule,
            Shard = Shard,
            Checkpoint = Checkpoint,
            View = TrainingView.None,
        };
        if (group is not null && ResumeFrom(group) is { } path)
            trainer.Resume(path);
        var history = trainer.Fit(model, Train(), Validation?.Invoke(), cancellation);
        return Describe(model, history) + losses;
    }

    /// <summary>Everything that must not depend on ranks: weights, states, losses and history without times.</summary>
    public static string Describe(Model model, TrainingHistory history)
    {
        var weights = model.Parameters.Concat<ParameterTensor>(model.States).Select(static tensor => $"{tensor.Name} {Convert.ToHexString(MemoryMarshal.AsBytes<float>(tensor.ToArray()))}");
        var epochs = history.Epochs.Select(static epoch => string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch} loss {epoch.Loss:R} rate {epoch.LearningRate:R} {Text(epoch.Metrics)} validation {epoch.Validation?.Samples} {epoch.ValidationLoss:R} {Text(epoch.Validation?.Metrics ?? [])}"));
        return string.Join('\n', [.. epochs, $"stopped {history.StopReason}, {history.Steps} steps", .. weights]);
    }

    private static string Text(IEnumerable<MetricValue> values) => string.Join(' ', values.Select(static value => $"{value.Name} {value.Value:R}"));

    private sealed class LossRecorder : TrainingCallback
    {
        private readonly List<string> lines = [];

        public override void StepEnded(TrainingRun run, in TrainingStep step) =>
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"\nstep {step.Number} of {step.Samples}: {step.Loss:R}"));

        public override string ToString() => string.Concat(lines);
    }
}
