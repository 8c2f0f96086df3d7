namespace ModelDsl.Sessions;

/// <summary>One generation of a session. Each call returns the next token of each sample.</summary>
internal sealed class GenerationRun
{
    private readonly GenerationSession session;
    private readonly GenerationOptions options;
    private readonly CancellationToken cancellation;
    private readonly TokenSampler sampler;
    private readonly ReadOnlyMemory<int> prompt;
    private readonly int[] counts;
    private readonly int[] stopTokens;
    private readonly int version;
    private int generated;

    /// <summary>Begins a generation.</summary>
    /// <param name="session">The session.</param>
    /// <param name="prompt">The tokens to append first, in the order of the samples.</param>
    /// <param name="counts">The number of tokens of the prompt for each sample.</param>
    /// <param name="options">The options for selecting tokens.</param>
    /// <param name="cancellation">Checked before each token.</param>
    public GenerationRun(GenerationSession session, ReadOnlyMemory<int> prompt, int[] counts, GenerationOptions options, CancellationToken cancellation)
    {
        (this.session, this.prompt, this.counts, this.options, this.cancellation) = (session, prompt, counts, options, cancellation);
        sampler = new TokenSampler(session.Vocabulary);
        stopTokens = [.. options.StopTokens];
        Tokens = new int[session.Samples];
        version = session.BeginRun();
    }

    /// <summary>The last token of each sample; −1 for a finished sample.</summary>
    public int[] Tokens { get; }

    /// <summary>Generates a token for each sample that is not finished. Returns false if all are finished.</summary>
    public bool Next()
    {
        session.CheckRun(version);
        if (cancellation.IsCancellationRequested)
            return Finish(FinishReason.Cancelled);
        if (generated == options.MaxNewTokens)
            return Finish(FinishReason.Length);
        if (generated == 0)
            session.Advance(prompt.Span, counts);
        else
            AppendLast();
        session.EnsureLogits();
        var isAny = false;
        for (var sample = 0; sample < Tokens.Length; sample++)
        {
            Tokens[sample] = -1;
            if (session.FinishReasonOf(sample) != FinishReason.None)
                continue;
            var token = sampler.Choose(session.LogitsOf(sample), session.TokensOf(sample), options, sample, generated);
            if (Array.IndexOf(stopTokens, token) >= 0)
            {
                session.Finish(sample, FinishReason.Stop);
                continue;
            }

            (Tokens[sample], isAny) = (token, true);
        }

        generated++;
        return isAny;
    }

    /// <summary>Cancels the texts that are not finished.</summary>
    public void Cancel() => Finish(FinishReason.Cancelled);

    /// <summary>Appends the tokens that were generated last. A sample at the end of the context is finished or slides.</summary>
    private void AppendLast()
    {
        for (var sample = 0; sample < Tokens.Length; sample++)
        {
            counts[sample] = Tokens[sample] >= 0 ? 1 : 0;
            if (counts[sample] == 0 || session.TokensOf(sample).Length < session.Context)
                continue;
            if (options.AtContextEnd == ContextEnd.Slide && session.Context > 1)
            {
                session.Slide(sample);
                continue;
            }

            session.Finish(sample, FinishReason.Length);
            (counts[sample], Tokens[sample]) = (0, -1);
        }

        session.AdvanceOne(Tokens, counts);
    }

    private bool Finish(FinishReason reason)
    {
        for (var sample = 0; sample < Tokens.Length; sample++)
        {
            if (session.FinishReasonOf(sample) == FinishReason.None)
                session.Finish(sample, reason);
        }

        return false;
    }
}
