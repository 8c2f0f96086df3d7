using System.Diagnostics;

namespace ModelDsl.Training;

/// <summary>The position of a run in an epoch, and the sums over the steps of the epoch so far.</summary>
internal sealed class EpochState
{
    private long start;

    /// <summary>The number of the epoch that runs, or that is the next to begin; starting at 1.</summary>
    public int Number { get; set; } = 1;

    /// <summary>The number of steps of the epoch, including those that are not complete.</summary>
    public int Step { get; set; }

    /// <summary>The sum of the losses of all samples, multiplied by their weights.</summary>
    public double LossSum { get; set; }

    /// <summary>The sum of the weights: the number of samples, unless samples, classes or labels have other weights.</summary>
    public double Weight { get; set; }

    /// <summary>The mean loss of all samples.</summary>
    public double Loss => Weight == 0 ? 0 : LossSum / Weight;

    /// <summary>The number of samples.</summary>
    public long Samples { get; set; }

    /// <summary>The number of timer ticks in which steps waited for data.</summary>
    public long Waited { get; set; }

    /// <summary>The duration of the steps in seconds, when they are complete.</summary>
    public double StepSeconds { get; set; }

    /// <summary>The metrics on the training batches, when the steps are complete.</summary>
    public IReadOnlyList<MetricValue> Results { get; set; } = [];

    /// <summary>What the epoch does next.</summary>
    public EpochPhase Phase { get; set; }

    /// <summary>Whether all values belong to the same moment, so that they can be saved: false during a step, and while callbacks run.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>The time since the epoch began, including that before an interruption.</summary>
    public TimeSpan Elapsed
    {
        get => start == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(start);
        set => start = Stopwatch.GetTimestamp() - (long)(value.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Starts the clock, unless the epoch is continued.</summary>
    public void Begin()
    {
        if (start == 0)
            Elapsed = TimeSpan.Zero;
    }

    /// <summary>Adds a step.</summary>
    /// <param name="loss">The mean loss of its samples.</param>
    /// <param name="weight">The weight of the samples.</param>
    /// <param name="samples">The number of samples.</param>
    public void Add(double loss, double weight, int samples)
    {
        LossSum += loss * weight;
        Weight += weight;
        Samples += samples;
    }

    /// <summary>Returns the results of the epoch, when its steps and its validation are complete.</summary>
    /// <param name="validation">The results on the validation data; null without any.</param>
    /// <param name="learningRate">The learning rate of the last step.</param>
    public EpochResult Result(Evaluation? validation, double learningRate) => new()
    {
        Epoch = Number,
        Loss = Loss,
        Metrics = Results,
        Validation = validation,
        LearningRate = learningRate,
        Seconds = Elapsed.TotalSeconds,
        SamplesPerSecond = StepSeconds > 0 ? Samples / StepSeconds : 0,
        DataShare = StepSeconds > 0 ? Math.Min(1, (double)Waited / Stopwatch.Frequency / StepSeconds) : 0,
    };

    /// <summary>Moves to the beginning of the next epoch.</summary>
    public void MoveNext()
    {
        (Number, Step, LossSum, Weight, Samples, Waited, StepSeconds, Results, Phase) = (Number + 1, 0, 0, 0, 0, 0, 0, [], EpochPhase.Steps);
        start = 0;
    }
}

/// <summary>A phase of an epoch.</summary>
internal enum EpochPhase
{
    /// <summary>Training steps.</summary>
    Steps,

    /// <summary>Validation. Callbacks have already prepared the model for it.</summary>
    Validation,
}
