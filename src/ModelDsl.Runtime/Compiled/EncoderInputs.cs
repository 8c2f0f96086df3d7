using System.ComponentModel;
using ModelDsl.Models;

namespace ModelDsl.Compiled;

/// <summary>The inputs beside the tokens, which a session encodes once. For the generated member <c>CreateSession</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct EncoderInputs
{
    private readonly Model model;
    private readonly Batch batch;

    internal EncoderInputs(Model model, int samples)
    {
        this.model = model;
        batch = new Batch([.. model.Description.Inputs.SkipLast(1)], samples) { Count = samples };
    }

    /// <summary>Sets the values of an input for all samples.</summary>
    /// <param name="input">The index of the input.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">The number of values is wrong.</exception>
    public void Fill(int input, ReadOnlySpan<float> values)
    {
        model.CheckInput(input, values.Length, batch.Count);
        values.CopyTo(batch.Floats(input));
    }

    /// <summary>Sets the token ids of an input for all samples.</summary>
    /// <param name="input">The index of the input.</param>
    /// <param name="values">The token ids.</param>
    /// <exception cref="ArgumentException">The number of ids is wrong, or an id is out of range.</exception>
    public void Fill(int input, ReadOnlySpan<int> values)
    {
        model.CheckInput(input, values.Length, batch.Count);
        BatchCheck.CheckIds(model.Description, model.Description.Inputs[input], values);
        values.CopyTo(batch.Ints(input));
    }

    /// <summary>Begins a session, and computes what it needs of these inputs.</summary>
    /// <exception cref="InvalidOperationException">The memory would be too large for one buffer or for the machine, or another thread is training or loading the model.</exception>
    /// <exception cref="NotSupportedException">The device has no sessions.</exception>
    public GenerationSession BeginSession() => model.BeginSession(batch);
}
