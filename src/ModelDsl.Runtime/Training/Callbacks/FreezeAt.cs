namespace ModelDsl;

/// <summary>
/// Trains parameters until a given epoch, and freezes them from then on. With several of these callbacks, layers are frozen one after the other (Brock et al.: FreezeOut, 2017).
/// </summary>
/// <remarks>The gradients of frozen parameters are still computed, so epochs do not become faster.</remarks>
/// <example>
/// <code>
/// new Trainer(new Sgd(0.1)) { Epochs = 6, Callbacks = [new FreezeAt(epoch: 3, "conv1"), new FreezeAt(epoch: 5, "conv2")] }
/// </code>
/// </example>
public sealed class FreezeAt : FreezingCallback
{
    /// <summary>Creates the callback.</summary>
    /// <param name="epoch">The first epoch in which the parameters are not trained, at least 1.</param>
    /// <param name="pattern">The parameters, as in <see cref="Optimizer.Scale"/>.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is less than 1.</exception>
    public FreezeAt(int epoch, string pattern)
        : base(epoch, pattern, freezes: true)
    {
    }
}
