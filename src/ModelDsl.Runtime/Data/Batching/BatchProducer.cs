namespace ModelDsl;

/// <summary>Fills batches one after the other. Used by one thread at a time.</summary>
internal abstract class BatchProducer
{
    /// <summary>Begins a pass over the data.</summary>
    /// <param name="seed">Decides the order if the samples are shuffled.</param>
    /// <param name="pass">The number of the pass, which changes that order.</param>
    /// <param name="cancellation">Set when the pass is abandoned, so that waiting for outside data can end.</param>
    public abstract void Begin(ulong seed, ulong pass, CancellationToken cancellation);

    /// <summary>Fills the next batch of the pass.</summary>
    /// <returns>False when no batch is left.</returns>
    public abstract bool Fill(Batch batch);

    /// <summary>Ends the pass, whether or not it came to its end.</summary>
    public virtual void End()
    {
    }
}
