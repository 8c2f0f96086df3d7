using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>The buffers and plans of the sessions of a model.</summary>
/// <param name="Context">The number of positions of a sample.</param>
/// <param name="Vocabulary">The number of token ids, which is the number of logits.</param>
/// <param name="CacheFloats">The number of floats of the session's buffers for each sample.</param>
/// <param name="Caches">The session's buffers.</param>
/// <param name="Chunks">The number of positions of each plan, in descending order; the last is 1.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GenerationDescription(int Context, int Vocabulary, int CacheFloats, CacheDescription[] Caches, int[] Chunks)
{
    /// <summary>Whether a text can continue beyond the context: the model does not depend on positions, and a session keeps only states of recurrences, of which the next token needs the last.</summary>
    public bool HasStatesOnly { get; init; }

    /// <summary>The buffers of values that are computed when a session begins, from the inputs beside the tokens.</summary>
    public EncodedDescription[] Encoded { get; init; } = [];

    /// <summary>The index of the plan that computes what depends on the inputs beside the tokens, such as an encoder's output. It follows the plans of positions.</summary>
    internal int EncoderPlan => Chunks.Length;
}

/// <summary>A buffer of a session: [outer, context, inner] for each sample.</summary>
/// <param name="Offset">Its offset, in floats per sample.</param>
/// <param name="Outer">The number of sequences of positions.</param>
/// <param name="Inner">The number of values of a position in a sequence.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record CacheDescription(int Offset, int Outer, int Inner);

/// <summary>A buffer of a session for a value that is computed when the session begins.</summary>
/// <param name="Offset">Its offset, in floats per sample.</param>
/// <param name="Length">The number of values of a sample.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EncodedDescription(int Offset, int Length);

/// <summary>A plan of a session, which computes the logits of some consecutive positions, or what depends on other inputs.</summary>
/// <param name="Plan">Its memory and work.</param>
/// <param name="LogitsOffset">The offset of the logits, in floats per sample of its batched arena; −1 if it computes none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DecodePlanDescription(PlanDescription Plan, int LogitsOffset);
