namespace ModelDsl;

/// <summary>The checkpoint that a training run was continued from.</summary>
/// <param name="Checkpoint">The path of the checkpoint.</param>
/// <param name="Epoch">The epoch in which the run continues, starting at 1. It is greater than the number of epochs if the run was complete.</param>
/// <param name="EpochSteps">The number of steps of this epoch that were completed before.</param>
/// <param name="Steps">The number of steps of the run that were completed before.</param>
public sealed record TrainingResumption(string Checkpoint, int Epoch, int EpochSteps, long Steps);
