namespace ModelDsl;

/// <summary>Fills the batches of one pass at a time.</summary>
internal abstract class BatchProducer
{
    /// <summary>The number of threads that may fill batches of a pass at the same time.</summary>
    public virtual int Threads => 1;

    /// <summary>Begins a pass over the data.</summary>
    /// <param name="pass">The pass, which decides the order if the samples are shuffled.</param>
    /// <param name="cancellation">Set if the pass is abandoned, so that waiting for external data can end.</param>
    public abstract void Begin(DataPass pass, CancellationToken cancellation);

    /// <summary>Fills a batch of the pass.</summary>
    /// <param name="number">The number of the batch. Numbers are requested once each, beginning with any of them; in order if <see cref="Threads"/> is 1.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>False if the pass has fewer batches.</returns>
    public abstract bool Fill(long number, Batch batch);

    /// <summary>Ends the pass, which may be incomplete.</summary>
    public virtual void End()
    {
    }
}
