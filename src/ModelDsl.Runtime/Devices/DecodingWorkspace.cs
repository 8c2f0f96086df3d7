namespace ModelDsl.Devices;

/// <summary>The memory of a session: the buffers that persist between calls, and the arenas of its plans. Only one call at a time is allowed.</summary>
public abstract class DecodingWorkspace
{
    /// <summary>Runs a plan.</summary>
    /// <param name="plan">The index of the plan in the program.</param>
    /// <param name="batch">The tokens and their positions: for each sample as many as the plan has positions. For the plan that begins a session: the inputs beside the tokens.</param>
    /// <param name="needsLogits">Whether the plan computes logits, or only updates the buffers of the session.</param>
    public abstract void Run(int plan, Batch batch, bool needsLogits);

    /// <summary>The logits that a plan has computed: samples · positions · vocabulary, valid until the next run.</summary>
    /// <param name="plan">The plan that ran last.</param>
    public abstract ReadOnlySpan<float> ReadLogits(int plan);

    /// <summary>Clears the buffers for the last positions of a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="from">The first position to clear.</param>
    public abstract void Clear(int sample, int from);

    /// <summary>Moves the rows of the last positions of a sample to the first positions, and clears the others.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="from">The first position to move.</param>
    /// <param name="count">The number of positions to move.</param>
    public abstract void MoveToStart(int sample, int from, int count);

    /// <summary>Copies what a session keeps of a sample.</summary>
    /// <param name="from">The memory of a session of the same model; it may be this one.</param>
    /// <param name="source">The index of the sample in that memory.</param>
    /// <param name="target">The index of the sample in this memory.</param>
    /// <param name="positions">The number of positions to copy.</param>
    /// <param name="withEncoded">Whether to copy the values that were computed when the session began too.</param>
    public abstract void CopySample(DecodingWorkspace from, int source, int target, int positions, bool withEncoded);

    /// <summary>Copies the buffers.</summary>
    /// <param name="other">The memory of another session of the same model and number of samples.</param>
    public abstract void CopyTo(DecodingWorkspace other);
}
