using ModelDsl;

namespace CharGpt;

/// <summary>How tokens are selected.</summary>
/// <param name="Tokens">The maximum number of tokens.</param>
/// <param name="Temperature">The divisor of the logits; 0 always selects the most likely token.</param>
/// <param name="TopK">The number of most likely tokens to sample from; 0 for all.</param>
/// <param name="TopP">Sample only from the most likely tokens whose probabilities add up to this value; 1 for all.</param>
/// <param name="Seed">The seed of the random numbers.</param>
internal sealed record Sampling(int Tokens, double Temperature, int TopK, double TopP, int Seed)
{
    /// <summary>Returns the options of a session.</summary>
    /// <param name="stopTokens">The tokens that end a text.</param>
    public GenerationOptions Options(params int[] stopTokens) => new()
    {
        MaxNewTokens = Tokens,
        Temperature = Temperature,
        TopK = TopK,
        TopP = TopP,
        Seed = Seed,
        StopTokens = stopTokens,
        AtContextEnd = ContextEnd.Slide,
    };
}
