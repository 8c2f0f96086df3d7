namespace ModelDsl.Training;

/// <summary>The forward and backward passes before an update.</summary>
internal interface IUpdateStep : IDisposable
{
    /// <summary>The number of batches since the last update.</summary>
    int Batches { get; }

    /// <summary>The number of batches per update; the last update of an epoch may have fewer.</summary>
    int PerStep { get; }

    /// <summary>The number of samples since the last update.</summary>
    int Samples { get; }

    /// <summary>Whether an update is due.</summary>
    bool IsComplete { get; }

    /// <summary>The weight of these samples in a mean of losses.</summary>
    double Weight { get; }

    /// <summary>The mean loss of the samples since the last update.</summary>
    double Loss { get; }

    /// <summary>Runs the passes of a batch. Call <see cref="Add"/> if its loss is accepted.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>The mean loss of the batch.</returns>
    double Run(Batch batch);

    /// <summary>Adds the batch that was run last to the step.</summary>
    /// <param name="loss">Its mean loss.</param>
    /// <param name="batch">The batch.</param>
    void Add(double loss, Batch batch);

    /// <summary>Makes the gradients of the model those of all samples of the step.</summary>
    void WriteMean();

    /// <summary>Begins the next step.</summary>
    void Clear();

    /// <summary>Undoes the batches since the last update, if there are any.</summary>
    void Undo();
}
