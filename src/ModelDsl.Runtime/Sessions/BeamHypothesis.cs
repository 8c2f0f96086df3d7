namespace ModelDsl;

/// <summary>A continuation that a beam search has found.</summary>
/// <param name="Tokens">The generated tokens, without the prompt and without the stop token.</param>
/// <param name="Score">The sum of the natural logarithms of the probabilities of its tokens, divided by its length to the power of <see cref="BeamSearchOptions.LengthPenalty"/>. A stop token counts.</param>
/// <param name="FinishReason">The reason why it ends.</param>
public sealed record BeamHypothesis(IReadOnlyList<int> Tokens, double Score, FinishReason FinishReason);
