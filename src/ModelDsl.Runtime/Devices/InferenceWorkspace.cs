using ModelDsl.Compiled;

namespace ModelDsl.Devices;

/// <summary>The memory of one inference at a time. A model keeps a pool of them.</summary>
public abstract class InferenceWorkspace
{
    /// <summary>Host columns for inputs that are not in a batch; null until the first call of <see cref="Columns"/>.</summary>
    private Batch? columns;

    /// <summary>Runs the inference plan.</summary>
    /// <param name="batch">The samples, with targets if the loss is requested.</param>
    /// <param name="parts">What to compute in addition to the raw outputs.</param>
    public abstract void Run(Batch batch, InferParts parts);

    /// <summary>Reads an output of the last run: (number of samples) · (length of the output) floats, valid until the next run.</summary>
    /// <param name="output">The index of the output in the model's description.</param>
    /// <param name="activated">True for the output after the output activation, which the run must have computed.</param>
    public abstract ReadOnlySpan<float> ReadOutput(int output, bool activated);

    /// <summary>Reads a mean loss of the last run, which must have computed it.</summary>
    /// <param name="loss">The index of the loss in the model's declaration; 0 for a single one.</param>
    public abstract float ReadLoss(int loss);

    /// <summary>Whether a batch is the workspace's own columns (a prediction) rather than a batch of an evaluation.</summary>
    /// <param name="batch">The batch.</param>
    protected bool IsOwn(Batch batch) => ReferenceEquals(batch, columns);

    /// <summary>Gets host columns to fill for the next run.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="samples">The number of samples.</param>
    internal Batch Columns(IReadOnlyList<ColumnDescription> inputs, int samples)
    {
        if (columns is null || columns.Capacity < samples)
            columns = new Batch(inputs, samples);
        columns.Count = samples;
        return columns;
    }
}
