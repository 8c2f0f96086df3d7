namespace ModelDsl;

/// <summary>Fills the batches of one pass after the other.</summary>
internal abstract class BatchProducer
{
    /// <summary>How many threads may fill batches of a pass at once.</summary>
    public virtual int Threads => 1;

    /// <summary>Begins a pass over the data.</summary>
    /// <param name="pass">The pass, which decides the order if the samples are shuffled.</param>
    /// <param name="cancellation">Set when the pass is abandoned, so that waiting for outside data can end.</param>
    public abstract void Begin(DataPass pass, CancellationToken cancellation);

    /// <summary>Fills a batch of the pass.</summary>
    /// <param name="number">Its number. All numbers from 0 on are asked for once; in their order, where <see cref="Threads"/> is 1.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>False when the pass has fewer batches.</returns>
    public abstract bool Fill(long number, Batch batch);

    /// <summary>Ends the pass, whether or not it came to its end.</summary>
    public virtual void End()
    {
    }
}
