namespace ModelDsl.Sessions;

/// <summary>
/// A beam search: of all continuations of the beams by a token, the most likely ones become the next beams. Continuations by a stop token are finished. The selection is that of Hugging
/// Face's <c>generate</c>: a stop token counts only if it is among as many candidates as there are beams.
/// </summary>
/// <param name="session">A session with a text for each beam, all of them the prompt.</param>
/// <param name="options">The options.</param>
internal sealed class BeamSearch(GenerationSession session, BeamSearchOptions options)
{
    private readonly int[] stopTokens = [.. options.StopTokens];
    private readonly int[] ones = [.. Enumerable.Repeat(1, options.Beams)];
    private readonly List<BeamHypothesis> finished = [];
    private Beam[] beams = [.. Enumerable.Range(0, options.Beams).Select(beam => new Beam(0, [], beam == 0 ? 0 : double.NegativeInfinity))];

    /// <summary>Runs the search.</summary>
    /// <param name="cancellation">Ends the search before the next token. Beams in progress are then results.</param>
    /// <returns>The finished continuations, best first.</returns>
    public IReadOnlyList<BeamHypothesis> Run(CancellationToken cancellation)
    {
        // The beams have the prompt in common, so all of them have the same length.
        for (var length = 1; ; length++)
        {
            if (cancellation.IsCancellationRequested)
                return End(FinishReason.Cancelled);
            Select(length);
            if (IsDone(length))
                return finished;
            if (length == options.MaxNewTokens || session.Position == session.Context)
                return End(FinishReason.Length);
            session.Reorder([.. beams.Select(beam => beam.Parent)]);
            session.AdvanceOne([.. beams.Select(beam => beam.Tokens[^1])], ones);
        }
    }

    /// <summary>Selects the next beams and finishes texts.</summary>
    /// <param name="length">The number of tokens of the next beams.</param>
    private void Select(int length)
    {
        var next = new List<Beam>(options.Beams);
        var rank = 0;
        foreach (var (parent, token, score) in Candidates())
        {
            if (next.Count == options.Beams)
                break;
            if (Array.IndexOf(stopTokens, token) < 0)
                next.Add(new Beam(parent, [.. beams[parent].Tokens, token], score));
            else if (rank < options.Beams)
                Finish(beams[parent].Tokens, score, length, FinishReason.Stop);
            rank++;
        }

        // A small vocabulary may have fewer continuations than there are beams.
        while (next.Count < options.Beams)
            next.Add(new Beam(0, [.. beams[0].Tokens, 0], double.NegativeInfinity));
        beams = [.. next];
    }

    /// <summary>The most likely continuations by a token, in descending order: so many that enough remain without those by stop tokens.</summary>
    private List<(int Parent, int Token, double Score)> Candidates()
    {
        var count = Math.Max(2, 1 + stopTokens.Length) * options.Beams;
        var best = new PriorityQueue<(int Parent, int Token, double Score), (double Score, int Order)>(count + 1);
        for (var beam = 0; beam < beams.Length; beam++)
        {
            if (double.IsNegativeInfinity(beams[beam].Score))
                continue;
            var logits = session.LogitsOf(beam);
            var normalizer = LogSumExp(logits);
            for (var token = 0; token < logits.Length; token++)
            {
                // Of equal scores, the first is preferred.
                var (score, order) = (beams[beam].Score + logits[token] - normalizer, -((beam * logits.Length) + token));
                if (best.Count < count)
                    best.Enqueue((beam, token, score), (score, order));
                else
                    best.EnqueueDequeue((beam, token, score), (score, order));
            }
        }

        var descending = new List<(int, int, double)>(best.Count);
        while (best.Count > 0)
            descending.Add(best.Dequeue());
        descending.Reverse();
        return descending;
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var maximum = float.NegativeInfinity;
        foreach (var logit in logits)
            maximum = Math.Max(maximum, logit);
        if (!float.IsFinite(maximum))
            throw new InvalidOperationException($"No token can be chosen: the largest logit is {maximum}. Were the weights trained with a learning rate that is too high?");
        var sum = 0.0;
        foreach (var logit in logits)
            sum += Math.Exp((double)logit - maximum);
        return maximum + Math.Log(sum);
    }

    private bool IsDone(int length)
    {
        if (finished.Count < options.Beams)
            return false;
        return options.EarlyStopping || finished[^1].Score >= Normalized(beams[0].Score, length);
    }

    /// <summary>Makes results of the beams in progress.</summary>
    private List<BeamHypothesis> End(FinishReason reason)
    {
        foreach (var beam in beams)
        {
            if (!double.IsNegativeInfinity(beam.Score))
                Finish(beam.Tokens, beam.Score, beam.Tokens.Length, reason);
        }

        return finished;
    }

    /// <summary>Adds a result and keeps the best ones, in descending order of their scores.</summary>
    private void Finish(int[] tokens, double score, int length, FinishReason reason)
    {
        var hypothesis = new BeamHypothesis(tokens, Normalized(score, length), reason);
        var at = finished.FindIndex(other => other.Score < hypothesis.Score);
        finished.Insert(at < 0 ? finished.Count : at, hypothesis);
        if (finished.Count > options.Beams)
            finished.RemoveAt(options.Beams);
    }

    private double Normalized(double score, int length) => score / Math.Pow(Math.Max(1, length), options.LengthPenalty);

    /// <summary>A text in progress.</summary>
    /// <param name="Parent">The index of the beam that it continues.</param>
    /// <param name="Tokens">Its tokens after the prompt.</param>
    /// <param name="Score">The sum of the logarithms of their probabilities.</param>
    private sealed record Beam(int Parent, int[] Tokens, double Score);
}
