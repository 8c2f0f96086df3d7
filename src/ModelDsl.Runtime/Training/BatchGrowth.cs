using System.Globalization;

namespace ModelDsl.Training;

/// <summary>Finds a run whose batch is larger than before and whose learning rate is the same. More ranks alone do not change the batch.</summary>
internal static class BatchGrowth
{
    private const string Advice = "a larger batch usually needs a larger rate, in proportion to the batch for Sgd, and to its square root for Adam and optimizers like it, with LearningRateSchedule.WarmUp";

    /// <summary>Returns a warning if the batch has grown and the rate has not; otherwise null.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="before">The batch and the rate of the last run with the same optimizer; null if there was none.</param>
    /// <param name="now">The batch and the rate of this run.</param>
    public static string? Warning(string model, TrainedBatch? before, TrainedBatch now) => before is { } last && now.Samples > last.Samples && now.LearningRate == last.LearningRate
        ? string.Create(CultureInfo.InvariantCulture,
            $"An update of {model} has {now.Samples} samples, and had {last.Samples} in the last run with this optimizer, but the learning rate is {now.LearningRate} as before: {Advice}. BatchSize is that of all ranks.")
        : null;

    /// <summary>Returns a sentence for the error of a checkpoint with another batch; empty if the batch has not grown or the rate has changed.</summary>
    /// <param name="before">The samples per update of the checkpoint.</param>
    /// <param name="now">The samples per update of this run.</param>
    /// <param name="hasSameRate">Whether both have the same learning rate.</param>
    public static string Sentence(long before, long now, bool hasSameRate) => now > before && hasSameRate
        ? string.Create(CultureInfo.InvariantCulture, $" BatchSize is that of all ranks. If it shall be {(double)now / before:0.##} times as large: {Advice}.")
        : "";
}

/// <summary>The batch and the learning rate of a run.</summary>
/// <param name="Samples">The number of samples per update.</param>
/// <param name="LearningRate">The learning rate, without the factor of a schedule.</param>
internal readonly record struct TrainedBatch(long Samples, double LearningRate);
