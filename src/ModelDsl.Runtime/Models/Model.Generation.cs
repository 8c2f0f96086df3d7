using ModelDsl.Compiled;

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
        if (Description.Inputs.Length > 1)
            throw new InvalidOperationException($"A session of {Description.Name} begins with '{Description.Inputs[0].Name}': create it with the inputs before '{Description.Inputs[^1].Name}'.");
        return new GenerationSession(this, Generation, samples, encoderInputs: null);
    }

    /// <summary>Begins a session of a model with inputs beside the tokens. For the generated member of a model with <c>[Generates]</c>.</summary>
    /// <param name="values">The number of values of the first input, for all samples.</param>
    /// <exception cref="ArgumentException"><paramref name="values"/> is not a multiple of the values of one sample.</exception>
    protected EncoderInputs BeginEncoding(int values) => new(this, CountSamples(0, values));

    internal GenerationSession BeginSession(Batch encoderInputs) => new(this, Generation, encoderInputs.Count, encoderInputs);

    private GenerationDescription Generation
    {
        get
        {
            ThrowIfDisposed();
            return Description.Generation ?? throw new InvalidOperationException($"{Description.Name} generates nothing: put [Generates] on it.");
        }
    }
}
