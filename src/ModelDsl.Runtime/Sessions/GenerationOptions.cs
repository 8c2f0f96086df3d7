namespace ModelDsl;

/// <summary>How a session chooses tokens. Without any option it takes the most likely one each time (greedy decoding).</summary>
/// <remarks>
/// Options apply in the order of Hugging Face's <c>generate</c>: repetition penalty, temperature, top-k, top-p, min-p. Then one of the tokens left is drawn.
/// </remarks>
public sealed class GenerationOptions
{
    /// <summary>How many tokens are generated at most.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxNewTokens { get; init => field = ArgumentCheck.AtLeast(value, 1); } = int.MaxValue;

    /// <summary>Logits are divided by it. Below 1, likely tokens become likelier; at 0, the default, the most likely one is taken each time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double Temperature { get; init => field = ArgumentCheck.NotNegative(value); }

    /// <summary>Only so many of the most likely tokens are drawn from; 0, the default, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int TopK { get; init => field = ArgumentCheck.AtLeast(value, 0); }

    /// <summary>
    /// Only the most likely tokens are drawn from that together have at least this probability (nucleus sampling: Holtzman et al., 2020); 1, the default, for all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double TopP { get; init => field = ArgumentCheck.Within(value, 0, 1); } = 1;

    /// <summary>Only tokens are drawn from that have at least this share of the probability of the most likely one; 0, the default, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double MinP { get; init => field = ArgumentCheck.Within(value, 0, 1); }

    /// <summary>
    /// The positive logits of tokens that are in the text already are divided by it, their negative ones multiplied (Keskar et al., 2019). 1, the default, changes nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double RepetitionPenalty { get; init => field = ArgumentCheck.Positive(value); } = 1;

    /// <summary>Tokens that end a text. They are not given out.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>Decides what is drawn: the same seed gives the same text. Each sample of a session draws its own numbers, whatever the other samples are.</summary>
    public int Seed { get; init; }

    /// <summary>What happens when all positions of the model are taken.</summary>
    public ContextEnd AtContextEnd { get; init; }
}
