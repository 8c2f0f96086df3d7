namespace ModelDsl.Devices;

/// <summary>The memory of a session: what it keeps from call to call, and the work space of its plans. One call at a time.</summary>
public abstract class DecodingWorkspace
{
    /// <summary>Runs a plan.</summary>
    /// <param name="plan">Its place in the model's description.</param>
    /// <param name="batch">The tokens, and their positions: as many for each sample as the plan has.</param>
    /// <param name="needsLogits">Whether it computes logits, or only what the session keeps.</param>
    public abstract void Run(int plan, Batch batch, bool needsLogits);

    /// <summary>The logits that a plan has computed: samples · positions · vocabulary, valid until the next run.</summary>
    /// <param name="plan">The plan that has run last.</param>
    public abstract ReadOnlySpan<float> ReadLogits(int plan);

    /// <summary>Forgets what is kept for the last positions of a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="from">The first position that is forgotten.</param>
    public abstract void Clear(int sample, int from);

    /// <summary>Moves what is kept for the last positions of a sample to the first ones, and forgets the rest.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="from">The first position that is moved.</param>
    /// <param name="count">How many positions are moved.</param>
    public abstract void MoveToStart(int sample, int from, int count);

    /// <summary>Copies what is kept.</summary>
    /// <param name="other">The memory of another session of the same model and number of samples.</param>
    public abstract void CopyTo(DecodingWorkspace other);
}
