using ModelDsl.Initialization;

namespace ModelDsl.Sessions;

/// <summary>Selects tokens by their logits. It allocates no memory after its construction.</summary>
/// <param name="vocabulary">The number of tokens.</param>
internal sealed class TokenSampler(int vocabulary)
{
    private readonly float[] scores = new float[vocabulary];
    private readonly float[] sorted = new float[vocabulary];
    private readonly int[] order = new int[vocabulary];
    private readonly bool[] seen = new bool[vocabulary];

    /// <summary>Selects a token.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="text">The tokens of the text so far.</param>
    /// <param name="options">The options for selecting tokens.</param>
    /// <param name="sample">The index of the sample, which selects its random numbers.</param>
    /// <param name="number">The number of tokens that were drawn for the sample before.</param>
    /// <exception cref="InvalidOperationException">No token can be selected, because the largest logit is NaN or infinite.</exception>
    public int Choose(ReadOnlySpan<float> logits, ReadOnlySpan<int> text, GenerationOptions options, int sample, int number)
    {
        logits.CopyTo(scores);
        if (options.RepetitionPenalty != 1)
            Penalize(text, (float)options.RepetitionPenalty);
        var best = IndexOfMaximum(scores);
        if (!float.IsFinite(scores[best]))
            throw new InvalidOperationException($"No token can be chosen: the largest logit is {scores[best]}. Were the weights trained with a learning rate that is too high?");
        if (options.Temperature == 0)
            return best;

        var temperature = (float)options.Temperature;
        foreach (ref var score in scores.AsSpan())
            score /= temperature;

        // With a temperature near 0 the quotient may be infinite. The most likely token is then selected.
        if (!float.IsFinite(scores[best]))
            return best;
        KeepTop(options.TopK);
        KeepNucleus(options.TopP);
        KeepLikely(options.MinP);
        return Draw(scores[best], Uniform(options.Seed, sample, number));
    }

    /// <summary>The scores of the remaining tokens; negative infinity for all others. For tests.</summary>
    internal ReadOnlySpan<float> Scores => scores;

    private static int IndexOfMaximum(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best] || float.IsNaN(values[i]))
                best = i;
        }

        return best;
    }

    private static double Uniform(int seed, int sample, int number)
    {
        var (high, low, _, _) = Philox.Draw((uint)seed, (uint)number, (uint)sample, 0, 0x67656E);
        return ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
    }

    private void Penalize(ReadOnlySpan<int> text, float penalty)
    {
        // Each token counts once, even if the text has it several times.
        foreach (var token in text)
        {
            if (seen[token])
                continue;
            seen[token] = true;
            scores[token] = scores[token] > 0 ? scores[token] / penalty : scores[token] * penalty;
        }

        foreach (var token in text)
            seen[token] = false;
    }

    /// <summary>Keeps the scores that are at least the k-th largest.</summary>
    private void KeepTop(int count)
    {
        if (count == 0 || count >= vocabulary)
            return;
        scores.CopyTo(sorted.AsSpan());
        Array.Sort(sorted);
        Keep(sorted[vocabulary - count]);
    }

    /// <summary>Removes the least likely tokens whose probabilities add up to at most 1 − p. The most likely one stays.</summary>
    private void KeepNucleus(double p)
    {
        if (p >= 1)
            return;
        for (var i = 0; i < vocabulary; i++)
            (sorted[i], order[i]) = (scores[i], i);
        Array.Sort(sorted, order);
        var (maximum, total) = (sorted[^1], 0.0);
        foreach (var score in sorted)
            total += Math.Exp(score - maximum);
        var sum = 0.0;
        for (var i = 0; i < vocabulary - 1; i++)
        {
            sum += Math.Exp(sorted[i] - maximum);
            if (sum > (1 - p) * total)
                break;
            scores[order[i]] = float.NegativeInfinity;
        }
    }

    private void KeepLikely(double share)
    {
        if (share > 0)
            Keep((float)(scores[IndexOfMaximum(scores)] + Math.Log(share)));
    }

    private void Keep(float least)
    {
        foreach (ref var score in scores.AsSpan())
        {
            if (!(score >= least))
                score = float.NegativeInfinity;
        }
    }

    private int Draw(float maximum, double uniform)
    {
        var total = 0.0;
        foreach (var score in scores)
            total += Math.Exp(score - maximum);
        var (rest, last) = (uniform * total, 0);
        for (var token = 0; token < vocabulary; token++)
        {
            if (float.IsNegativeInfinity(scores[token]))
                continue;
            last = token;
            rest -= Math.Exp(scores[token] - maximum);
            if (rest < 0)
                return token;
        }

        return last;
    }
}
