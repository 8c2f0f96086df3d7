using System.Diagnostics;
using System.Globalization;
using ModelDsl;

namespace CharGpt.Pretrained;

/// <summary>A text that a GPT-2 has continued, and how long it took.</summary>
/// <param name="PromptTokens">The number of tokens of the prompt.</param>
/// <param name="PromptTime">The time until the first token.</param>
/// <param name="Tokens">The number of tokens after it.</param>
/// <param name="Time">The time for all tokens but the first.</param>
/// <param name="Reason">Why the text has ended.</param>
internal sealed record Continuation(int PromptTokens, TimeSpan PromptTime, int Tokens, TimeSpan Time, FinishReason Reason)
{
    /// <summary>The number of tokens in a second, without the first, which includes the prompt; 0 if there is no other.</summary>
    public double TokensPerSecond => Tokens > 1 ? (Tokens - 1) / Time.TotalSeconds : 0;

    /// <summary>Continues a text and writes it as it becomes known. Bytes that are not a whole character yet are written with those that complete it.</summary>
    /// <param name="gpt2">The model and its tokenizer.</param>
    /// <param name="prompt">The text to continue; if it is empty, the model begins one.</param>
    /// <param name="sampling">How tokens are selected.</param>
    /// <param name="output">Where the prompt and the text are written.</param>
    /// <param name="cancellation">Ends the text.</param>
    /// <exception cref="ArgumentException">The prompt has more tokens than the model has positions, or is empty and the vocabulary has no token that separates texts.</exception>
    public static Continuation Write(PretrainedGpt2 gpt2, string prompt, Sampling sampling, TextWriter output, CancellationToken cancellation)
    {
        var ids = Encode(gpt2, prompt);
        using var session = gpt2.CreateSession();
        var decoder = gpt2.Tokenizer.CreateDecoder();
        output.Write(prompt);
        var watch = Stopwatch.StartNew();
        var (count, first) = (0, TimeSpan.Zero);
        foreach (var token in session.Generate(ids, sampling.Options(gpt2.Tokenizer.EndOfTextId is { } end ? [end] : []), cancellation))
        {
            if (count++ == 0)
                first = watch.Elapsed;

            // A vocabulary whose size was rounded up has ids without a token.
            if (token < gpt2.Tokenizer.VocabularySize)
                output.Write(decoder.Append(token));
            output.Flush();
        }

        output.WriteLine(decoder.Flush());
        return new Continuation(ids.Length, first, count, watch.Elapsed - first, session.FinishReason);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Tokens} tokens, {TokensPerSecond:0.0} per second; the first, after {PromptTokens} of the prompt, in {PromptTime.TotalMilliseconds:0} ms. End: {Reason}.");

    private static int[] Encode(PretrainedGpt2 gpt2, string prompt)
    {
        var ids = gpt2.Tokenizer.Encode(prompt);
        if (ids.Length == 0)
            return [gpt2.Tokenizer.EndOfTextId ?? throw new ArgumentException("The prompt is empty, and the vocabulary has no <|endoftext|> to begin a text with: name one with --prompt.")];
        return ids.Length <= gpt2.Shape.Context
            ? ids
            : throw new ArgumentException($"The prompt has {ids.Length} tokens, but {gpt2.Shape.Name} has {gpt2.Shape.Context} positions: shorten --prompt.");
    }
}
