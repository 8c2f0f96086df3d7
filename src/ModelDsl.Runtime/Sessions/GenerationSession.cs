using ModelDsl.Compiled;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>
/// Continues texts with a model that has <c>[Generates]</c>. A session keeps what the model has computed for the tokens so far (the keys and values of attention, known as the KV
/// cache, and the states of recurrences), so that a further token costs the computation of one position and not of all. Its results are equal to those of the whole forward pass,
/// bit for bit. Each session has its own memory: sessions of a model can be used at the same time, and at the same time as predictions. A session must be used by one thread at a
/// time.
/// </summary>
/// <example>
/// <code>
/// using var session = model.CreateSession();
/// foreach (int token in session.Generate(tokenizer.Encode("Once"), new() { MaxNewTokens = 200, Temperature = 0.8, TopK = 40, Seed = 1 }))
///     Console.Write(tokenizer.Decode([token]));
/// </code>
/// </example>
public sealed partial class GenerationSession : IDisposable
{
    private readonly Model model;
    private readonly GenerationDescription generation;
    private readonly DecodingWorkspace workspace;
    private readonly Batch[] batches;
    private readonly int[] history;
    private readonly int[] lengths;
    private readonly int[] left;
    private readonly int[] only;
    private readonly float[] logits;
    private readonly bool[] hasLogits;
    private readonly FinishReason[] reasons;
    private readonly int weights;
    private int runs;
    private int busy;
    private bool disposed;

    internal GenerationSession(Model model, GenerationDescription generation, int samples, Batch? encoderInputs)
    {
        ArgumentCheck.AtLeast(samples, 1, nameof(samples));
        (this.model, this.generation, Samples) = (model, generation, samples);
        weights = model.WeightsVersion;
        workspace = model.CreateDecodingWorkspace(samples);
        batches = [.. generation.Chunks.Select(rows => new Batch(
            [new ColumnDescription("tokens", ColumnType.Int, [rows], Vocabulary), new ColumnDescription("positions", ColumnType.Int, [rows], Context)], samples) { Count = samples })];
        history = new int[samples * Context];
        (lengths, left, only) = (new int[samples], new int[samples], new int[samples]);
        logits = new float[samples * Vocabulary];
        (hasLogits, reasons) = (new bool[samples], new FinishReason[samples]);
        if (encoderInputs is null)
            return;
        using var access = model.Read();
        workspace.Run(generation.EncoderPlan, encoderInputs, needsLogits: false);
    }

    /// <summary>The number of texts that are continued at a time.</summary>
    public int Samples { get; }

    /// <summary>The maximum number of tokens of a text: the length of the model's input.</summary>
    public int Context => generation.Context;

    /// <summary>The number of different tokens. Ids are from 0 to one less.</summary>
    public int Vocabulary => generation.Vocabulary;

    /// <summary>The number of tokens in the first text, which is the position of the next one.</summary>
    public int Position => lengths[0];

    /// <summary>The reason why generation stopped, for the first text.</summary>
    public FinishReason FinishReason => reasons[0];

    /// <summary>The tokens of a text that are in the context.</summary>
    /// <param name="sample">The index of the text.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public ReadOnlySpan<int> TokensOf(int sample) => history.AsSpan(Checked(sample) * Context, lengths[sample]);

    /// <summary>The reason why generation stopped, for one of several texts.</summary>
    /// <param name="sample">The index of the text.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public FinishReason FinishReasonOf(int sample) => reasons[Checked(sample)];

    /// <summary>Appends tokens to the only text.</summary>
    /// <param name="tokens">The tokens, at least one.</param>
    /// <returns>The logits for the next token, [vocabulary], valid until the session is used again.</returns>
    /// <exception cref="ArgumentException">There are no tokens, they do not fit into the context, or one is outside the vocabulary; or there are several texts.</exception>
    /// <exception cref="InvalidOperationException">The weights of the model have changed since the session began, or it is being trained.</exception>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens)
    {
        only[0] = tokens.Length;
        return Append(tokens, only.AsSpan(0, 1));
    }

    /// <summary>Appends tokens to each text.</summary>
    /// <param name="tokens">The tokens, in the order of the texts.</param>
    /// <param name="counts">The number of tokens for each text; 0 for no change.</param>
    /// <returns>The logits for the next tokens, [samples, vocabulary], valid until the session is used again; 0 for a text without tokens.</returns>
    /// <inheritdoc cref="Append(ReadOnlySpan{int})" path="/exception"/>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens, ReadOnlySpan<int> counts)
    {
        Check(tokens, counts);
        runs++;
        Advance(tokens, counts);
        EnsureLogits();
        return logits;
    }

    /// <summary>Appends tokens to the only text, and returns the logits after each of them, to score an existing text.</summary>
    /// <param name="tokens">The tokens, at least one.</param>
    /// <param name="results">Receives the logits, [tokens, vocabulary].</param>
    /// <exception cref="ArgumentException">
    /// There are no tokens, they do not fit into the context, or one is outside the vocabulary; the results have another size; or there are several texts.
    /// </exception>
    /// <exception cref="InvalidOperationException">The weights of the model have changed since the session began, or it is being trained.</exception>
    public void Append(ReadOnlySpan<int> tokens, Span<float> results)
    {
        only[0] = tokens.Length;
        Check(tokens, only.AsSpan(0, 1));
        if (results.Length != tokens.Length * Vocabulary)
            throw new ArgumentException($"The logits of {tokens.Length} tokens are {tokens.Length * Vocabulary} values, but there is room for {results.Length}.", nameof(results));
        runs++;
        tokens.CopyTo(history.AsSpan(lengths[0]));
        Compute(only, results);
    }

    /// <summary>Returns to an earlier position of a text and removes the tokens after it.</summary>
    /// <param name="position">The number of tokens to keep.</param>
    /// <param name="sample">The index of the text.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text, or it has no such position.</exception>
    public void Truncate(int position, int sample = 0)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (position < 0 || position > lengths[Checked(sample)])
            throw ArgumentCheck.Out(nameof(position), position, $"from 0 to {lengths[sample]}, the number of tokens in the text");
        runs++;
        if (position == lengths[sample])
            return;
        workspace.Clear(sample, position);
        (lengths[sample], hasLogits[sample], reasons[sample]) = (position, false, FinishReason.None);
        logits.AsSpan(sample * Vocabulary, Vocabulary).Clear();
    }

    /// <summary>Returns a session with the same texts, which can be continued independently.</summary>
    /// <exception cref="InvalidOperationException">The weights of the model have changed since the session began, or there is not enough memory.</exception>
    public GenerationSession Fork()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var other = new GenerationSession(model, generation, Samples, encoderInputs: null);
        if (other.weights != weights)
            throw WeightsChanged();
        workspace.CopyTo(other.workspace);
        history.CopyTo(other.history, 0);
        lengths.CopyTo(other.lengths, 0);
        logits.CopyTo(other.logits, 0);
        hasLogits.CopyTo(other.hasLogits, 0);
        return other;
    }

    /// <summary>Ends the session.</summary>
    public void Dispose() => disposed = true;

    private int Checked(int sample) =>
        (uint)sample < (uint)Samples ? sample : throw ArgumentCheck.Out(nameof(sample), sample, $"from 0 to {Samples - 1}");

    private InvalidOperationException WeightsChanged() => new(
        $"The weights of {model.Description.Name} have changed since the session began, and what it keeps was computed with the earlier ones: create another session.");
}
