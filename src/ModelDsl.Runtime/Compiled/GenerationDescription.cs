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
}

/// <summary>A buffer of a session: [outer, context, inner] for each sample.</summary>
/// <param name="Offset">Its offset, in floats per sample.</param>
/// <param name="Outer">The number of sequences of positions.</param>
/// <param name="Inner">The number of values of a position in a sequence.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record CacheDescription(int Offset, int Outer, int Inner);

/// <summary>A plan that computes the logits of some consecutive positions.</summary>
/// <param name="Plan">Its memory and work.</param>
/// <param name="LogitsOffset">The offset of the logits, in floats per sample of its batched arena.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DecodePlanDescription(PlanDescription Plan, int LogitsOffset);
