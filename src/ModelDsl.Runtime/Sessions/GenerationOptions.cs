namespace ModelDsl;

/// <summary>Options for selecting tokens. By default a session always selects the most likely token (greedy decoding).</summary>
/// <remarks>Options apply in the order of Hugging Face's <c>generate</c>: repetition penalty, temperature, top-k, top-p, min-p. One of the remaining tokens is then sampled.</remarks>
public sealed class GenerationOptions
{
    /// <summary>The maximum number of tokens to generate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxNewTokens { get; init => field = ArgumentCheck.AtLeast(value, 1); } = int.MaxValue;

    /// <summary>The divisor of the logits. Below 1, likely tokens become more likely; 0, the default, always selects the most likely token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double Temperature { get; init => field = ArgumentCheck.NotNegative(value); }

    /// <summary>The number of most likely tokens to sample from; 0, the default, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int TopK { get; init => field = ArgumentCheck.AtLeast(value, 0); }

    /// <summary>Sample only from the most likely tokens whose probabilities add up to at least this value (nucleus sampling: Holtzman et al., 2020); 1, the default, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double TopP { get; init => field = ArgumentCheck.Within(value, 0, 1); } = 1;

    /// <summary>Sample only from tokens with at least this fraction of the probability of the most likely one; 0, the default, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double MinP { get; init => field = ArgumentCheck.Within(value, 0, 1); }

    /// <summary>
    /// The divisor of positive logits of tokens that are already in the text; their negative logits are multiplied by it (Keskar et al., 2019). 1, the default, has no effect.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double RepetitionPenalty { get; init => field = ArgumentCheck.Positive(value); } = 1;

    /// <summary>Tokens that end a text. They are not returned.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>The seed of the random numbers: the same seed gives the same text. Each sample of a session has its own random numbers, which do not depend on the other samples.</summary>
    public int Seed { get; init; }

    /// <summary>What happens when all positions of the model are in use.</summary>
    public ContextEnd AtContextEnd { get; init; }
}
