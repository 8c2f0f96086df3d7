using System.Globalization;

namespace ModelDsl;

/// <summary>
/// The exception for a device that has stopped working, for example because a kernel or the hardware failed. What was in its memory is lost, and the program cannot use the device any more.
/// </summary>
public sealed class DeviceLostException : Exception
{
    private const string HowToContinue = "The parameters that were on the device are lost. Start the program again";

    /// <summary>Creates the exception. Devices call it.</summary>
    /// <param name="device">The name of the device.</param>
    /// <param name="problem">What happened, such as the error of the driver and what the device was doing.</param>
    /// <param name="innerException">The error of the driver; null if there is none.</param>
    public DeviceLostException(string device, string problem, Exception? innerException = null)
        : base($"The device {device} was lost: {problem}. {HowToContinue}.", innerException) => (Device, Problem) = (device, problem);

    internal DeviceLostException(DeviceLostException cause, string model, int epoch, int step, bool hasCheckpoints, TrainingHistory history)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"The device {cause.Device} was lost while {model} was trained, in step {step} of epoch {epoch}: {cause.Problem}. ")
            + $"{HowToContinue}{Continuation(hasCheckpoints, history.Checkpoint)}",
            cause) => (Device, Problem, History) = (cause.Device, cause.Problem, history);

    /// <summary>The name of the device.</summary>
    public string Device { get; }

    /// <summary>What happened.</summary>
    public string Problem { get; }

    /// <summary>The epochs that were completed before, and the path of the last checkpoint; null if the model was not trained by <see cref="Trainer.Fit"/>.</summary>
    public TrainingHistory? History { get; }

    private static string Continuation(bool hasCheckpoints, string? checkpoint) => (hasCheckpoints, checkpoint) switch
    {
        (_, not null) => $": the same call of Fit continues from the last checkpoint, '{checkpoint}'.",
        (true, null) => ": no checkpoint has been saved yet, so that training begins anew. CheckpointOptions.EverySteps and EveryMinutes say when checkpoints are saved.",
        _ => $": training begins anew, because {nameof(Trainer)}.{nameof(Trainer.Checkpoint)} is not set. With it, the same call of Fit continues a run.",
    };
}
