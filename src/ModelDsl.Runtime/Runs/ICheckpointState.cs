namespace ModelDsl;

/// <summary>
/// State that checkpoints contain. Implement it in a <see cref="TrainingCallback"/>, a <see cref="Metric"/>, a <see cref="LearningRateSchedule"/> or an <see cref="Optimizer"/> that
/// keeps values from step to step, so that a resumed run has the same results as one that was never stopped.
/// </summary>
/// <example>
/// <code>
/// public void SaveState(CheckpointWriter writer) => writer.Write("best", best);
/// public void RestoreState(CheckpointReader reader) => best = reader.GetDouble("best");
/// </code>
/// </example>
public interface ICheckpointState
{
    /// <summary>Saves all values that later steps depend on. Called between two steps, on the training thread.</summary>
    /// <param name="writer">The destination. Names are local to the object.</param>
    void SaveState(CheckpointWriter writer);

    /// <summary>Restores the values. In <see cref="Trainer.Fit"/>, it is called after <see cref="TrainingCallback.Started"/>.</summary>
    /// <param name="reader">The values that <see cref="SaveState"/> has written.</param>
    /// <exception cref="InvalidDataException">A value is missing or has another type.</exception>
    void RestoreState(CheckpointReader reader);
}
