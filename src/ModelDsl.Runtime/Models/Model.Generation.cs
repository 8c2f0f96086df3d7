namespace ModelDsl;

/// <content>Sessions.</content>
public abstract partial class Model
{
    /// <summary>Begins a session. For the generated member of a model with <c>[Generates]</c>.</summary>
    /// <param name="samples">How many texts it continues at a time.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The model generates nothing, or the memory would be too large for one buffer or for the machine.</exception>
    /// <exception cref="NotSupportedException">The device has no sessions.</exception>
    protected GenerationSession BeginSession(int samples)
    {
        ThrowIfDisposed();
        return Description.Generation is { } generation
            ? new GenerationSession(this, generation, samples)
            : throw new InvalidOperationException($"{Description.Name} generates nothing: put [Generates] on it.");
    }
}
