using ModelDsl.Devices;
using ModelDsl.Sessions;

namespace ModelDsl;

/// <content>Beam search.</content>
public sealed partial class GenerationSession
{
    /// <summary>The memory for exchanging samples; null until it is needed.</summary>
    private DecodingWorkspace? exchange;

    /// <summary>
    /// Searches for likely continuations of the only text: at each position it continues several texts and keeps the most likely ones. Use it where one result is right, as in translation;
    /// texts that should be varied are better sampled by <see cref="Generate(ReadOnlyMemory{int}, GenerationOptions?, CancellationToken)"/>. The session then has the prompt, but not the
    /// results.
    /// </summary>
    /// <param name="prompt">The tokens to append first. It may be empty if the session already has tokens.</param>
    /// <param name="options">The options; null for four beams.</param>
    /// <param name="cancellation">Ends the search before the next token.</param>
    /// <returns>The continuations, best first: at most as many as there are beams.</returns>
    /// <exception cref="ArgumentException">
    /// There is no token to continue; the prompt does not fit into the context, or has a token outside the vocabulary; or there are several texts.
    /// </exception>
    /// <exception cref="InvalidOperationException">The weights of the model have changed since the session began, it is being trained, or there is not enough memory.</exception>
    public IReadOnlyList<BeamHypothesis> BeamSearch(ReadOnlySpan<int> prompt, BeamSearchOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        only[0] = prompt.Length;
        CheckPrompt(prompt, only.AsSpan(0, 1));
        CheckStopTokens(options.StopTokens);
        runs++;
        if (prompt.Length > 0)
            Advance(prompt, only.AsSpan(0, 1));
        EnsureLogits();
        using var beams = new GenerationSession(model, generation, options.Beams, encoderInputs: null);
        for (var beam = 0; beam < options.Beams; beam++)
            beams.CopySample(this, workspace, 0, beam, withEncoded: true);
        return new BeamSearch(beams, options).Run(cancellation);
    }

    /// <summary>Replaces each text by one of the texts.</summary>
    /// <param name="sources">For each text the index of the text to replace it by.</param>
    internal void Reorder(int[] sources)
    {
        exchange ??= model.CreateDecodingWorkspace(Samples);
        var (texts, results) = (history.ToArray(), logits.ToArray());
        for (var sample = 0; sample < Samples; sample++)
        {
            if (sources[sample] != sample)
                exchange.CopySample(workspace, sources[sample], sample, lengths[sources[sample]], withEncoded: false);
        }

        for (var sample = 0; sample < Samples; sample++)
        {
            var source = sources[sample];
            if (source == sample)
                continue;
            workspace.CopySample(exchange, sample, sample, lengths[source], withEncoded: false);
            texts.AsSpan(source * Context, Context).CopyTo(history.AsSpan(sample * Context));
            results.AsSpan(source * Vocabulary, Vocabulary).CopyTo(logits.AsSpan(sample * Vocabulary));
        }
    }

    private void CopySample(GenerationSession from, DecodingWorkspace memory, int source, int target, bool withEncoded)
    {
        workspace.CopySample(memory, source, target, from.lengths[source], withEncoded);
        from.TokensOf(source).CopyTo(history.AsSpan(target * Context));
        from.LogitsOf(source).CopyTo(logits.AsSpan(target * Vocabulary));
        (lengths[target], hasLogits[target]) = (from.lengths[source], from.hasLogits[source]);
    }
}
