namespace ModelDsl;

/// <summary>
/// Freezes parameters at the beginning of a run, and trains them from a given epoch on. With several of these callbacks, layers are unfrozen one after the other (Howard, Ruder: Universal Language Model
/// Fine-tuning for Text Classification, 2018).
/// </summary>
/// <example>
/// <code>
/// new Trainer(new AdamW(1e-4)) { Epochs = 6, Callbacks = [new UnfreezeAt(epoch: 3, "encoder*"), new UnfreezeAt(epoch: 5, "embedding*")] }
/// </code>
/// </example>
public sealed class UnfreezeAt : FreezingCallback
{
    /// <summary>Creates the callback.</summary>
    /// <param name="epoch">The first epoch in which the parameters are trained, at least 1.</param>
    /// <param name="pattern">The parameters, as in <see cref="Optimizer.Scale"/>.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is less than 1.</exception>
    public UnfreezeAt(int epoch, string pattern)
        : base(epoch, pattern, freezes: false)
    {
    }
}
