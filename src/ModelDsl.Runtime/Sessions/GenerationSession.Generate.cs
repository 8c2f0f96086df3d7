using System.Runtime.CompilerServices;
using ModelDsl.Sessions;

namespace ModelDsl;

/// <content>Generating.</content>
public sealed partial class GenerationSession
{
    private static readonly GenerationOptions Greedy = new();

    /// <summary>
    /// Continues the only text and returns each token as soon as it is known. Stop tokens are not returned; <see cref="FinishReason"/> then has the reason for the end.
    /// Generating a token allocates no memory.
    /// </summary>
    /// <param name="prompt">The tokens to append first. It may be empty if the session already has tokens.</param>
    /// <param name="options">The options for selecting tokens; null to select the most likely one.</param>
    /// <param name="cancellation">Ends the text before the next token.</param>
    /// <exception cref="ArgumentException">
    /// There is no token to continue; the prompt does not fit into the context, or has a token outside the vocabulary; or there are several texts.
    /// </exception>
    /// <exception cref="InvalidOperationException">The weights of the model have changed since the session began, or it is being trained.</exception>
    public IEnumerable<int> Generate(ReadOnlyMemory<int> prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        return Tokens(Begin(prompt, [prompt.Length], options, cancellation));

        static IEnumerable<int> Tokens(GenerationRun run)
        {
            while (run.Next())
                yield return run.Tokens[0];
        }
    }

    /// <summary>Continues the only text on the thread pool, like <see cref="Generate(ReadOnlyMemory{int}, GenerationOptions?, CancellationToken)"/>.</summary>
    /// <inheritdoc cref="Generate(ReadOnlyMemory{int}, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<int> GenerateAsync(ReadOnlyMemory<int> prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        return Tokens(Begin(prompt, [prompt.Length], options, cancellation), CancellationToken.None);

        static async IAsyncEnumerable<int> Tokens(GenerationRun run, [EnumeratorCancellation] CancellationToken enumeration = default)
        {
            while (!enumeration.IsCancellationRequested && await Task.Run(run.Next, CancellationToken.None).ConfigureAwait(false))
                yield return run.Tokens[0];
            if (enumeration.IsCancellationRequested)
                run.Cancel();
        }
    }

    /// <summary>Continues several texts at a time. Their prompts may differ in length.</summary>
    /// <param name="prompts">The tokens to append first to each text.</param>
    /// <param name="options">The options for selecting tokens; null to select the most likely one.</param>
    /// <param name="cancellation">Ends the texts before the next token.</param>
    /// <returns>The next token of each text; −1 for a finished text. The same list is returned each time, with other tokens.</returns>
    /// <exception cref="ArgumentException">
    /// The number of prompts is not the number of texts; a text has no token to continue; or a prompt does not fit into the context, or has a token outside the vocabulary.
    /// </exception>
    /// <exception cref="InvalidOperationException">The weights of the model have changed since the session began, or it is being trained.</exception>
    public IEnumerable<IReadOnlyList<int>> Generate(IReadOnlyList<int[]> prompts, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        for (var sample = 0; sample < prompts.Count; sample++)
        {
            if (prompts[sample] is null)
                throw new ArgumentException($"Prompt {sample} is null: an empty one continues a text as it is.", nameof(prompts));
        }

        int[] tokens = [.. prompts.SelectMany(prompt => prompt)];
        return Tokens(Begin(tokens, [.. prompts.Select(prompt => prompt.Length)], options, cancellation));

        static IEnumerable<IReadOnlyList<int>> Tokens(GenerationRun run)
        {
            while (run.Next())
                yield return run.Tokens;
        }
    }

    /// <summary>Begins a generation, and ends other generations of this session.</summary>
    internal int BeginRun()
    {
        Array.Clear(reasons);
        return ++runs;
    }

    internal void CheckRun(int version)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (version != runs)
            throw new InvalidOperationException("The session has been used for something else since this text was begun: generate from its present tokens, or Fork it first.");
    }

    private GenerationRun Begin(ReadOnlyMemory<int> prompt, int[] counts, GenerationOptions? options, CancellationToken cancellation)
    {
        CheckPrompt(prompt.Span, counts);
        options ??= Greedy;
        CheckStopTokens(options.StopTokens);
        return new GenerationRun(this, prompt, counts, options, cancellation);
    }

    private void CheckPrompt(ReadOnlySpan<int> prompt, ReadOnlySpan<int> counts)
    {
        Check(prompt, counts, canBeEmpty: true);
        for (var sample = 0; sample < Samples; sample++)
        {
            if (counts[sample] + lengths[sample] == 0)
                throw new ArgumentException($"{NameOf(sample)} is empty: a model continues at least one token.", nameof(prompt));
        }
    }

    private void CheckStopTokens(IReadOnlyList<int> stopTokens)
    {
        foreach (var token in stopTokens)
        {
            if ((uint)token >= (uint)Vocabulary)
                throw new ArgumentException($"The stop token {token} is outside the vocabulary of {model.Description.Name}, 0 to {Vocabulary - 1}.", nameof(stopTokens));
        }
    }

    private string NameOf(int sample) => Samples == 1 ? "The prompt" : $"Prompt {sample}";

    private void Check(ReadOnlySpan<int> tokens, ReadOnlySpan<int> counts, bool canBeEmpty = false)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (model.WeightsVersion != weights)
            throw WeightsChanged();
        if (counts.Length != Samples)
            throw new ArgumentException($"The session has {Samples} texts, but tokens for {counts.Length} are given: {model.Description.Name}.CreateSession(samples) says how many it has.");
        var total = 0L;
        for (var sample = 0; sample < Samples; sample++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(counts[sample], nameof(counts));
            total += counts[sample];
            if (lengths[sample] + (long)counts[sample] > Context)
            {
                throw new ArgumentException(
                    $"{NameOf(sample)} has {counts[sample]} tokens, but the context of {model.Description.Name} has room for {Context - lengths[sample]} of {Context}: shorten it"
                    + (lengths[sample] > 0 ? ", or Truncate the session." : "."));
            }
        }

        if (total != tokens.Length)
            throw new ArgumentException($"The counts add up to {total} tokens, but {tokens.Length} are given.", nameof(counts));
        if (total == 0 && !canBeEmpty)
            throw new ArgumentException("There are no tokens to append.", nameof(tokens));
        for (var i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)Vocabulary)
                throw new ArgumentException($"Token {i} is {tokens[i]}, which is outside the vocabulary of {model.Description.Name}, 0 to {Vocabulary - 1}.", nameof(tokens));
        }
    }
}
