using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>What sessions of a model compute with.</summary>
/// <param name="Context">The positions of a sample.</param>
/// <param name="Vocabulary">The number of token ids, which is the number of logits.</param>
/// <param name="CacheFloats">Floats of the buffers that a session keeps for each sample.</param>
/// <param name="Caches">These buffers.</param>
/// <param name="Chunks">The number of positions of each plan, falling; the last one is 1.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GenerationDescription(int Context, int Vocabulary, int CacheFloats, CacheDescription[] Caches, int[] Chunks)
{
    /// <summary>Whether a text can go on beyond the context: the model reads no positions, and what a session keeps are states of recurrences, of which the next token needs the last.</summary>
    public bool HasStatesOnly { get; init; }
}

/// <summary>A buffer that a session keeps: [outer, context, inner] for each sample.</summary>
/// <param name="Offset">Where it lies, in floats per sample.</param>
/// <param name="Outer">How many runs of positions it has.</param>
/// <param name="Inner">The values of a position in a run.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record CacheDescription(int Offset, int Outer, int Inner);

/// <summary>A plan that computes the logits of some consecutive positions.</summary>
/// <param name="Plan">Its memory and work.</param>
/// <param name="LogitsOffset">Where it leaves the logits, in floats per sample of its batched arena.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DecodePlanDescription(PlanDescription Plan, int LogitsOffset);
