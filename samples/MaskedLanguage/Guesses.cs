using System.Globalization;
using System.Text;
using ModelDsl;

namespace MaskedLanguage;

/// <summary>Hides characters of texts and shows what a model guesses.</summary>
internal static class Guesses
{
    /// <summary>The number of hidden characters of a text.</summary>
    private const int Hidden = 3;

    /// <summary>The number of guesses that are shown for each of them.</summary>
    private const int Shown = 3;

    /// <summary>Returns a text with hidden characters, and a line for each of them with the most likely characters.</summary>
    /// <param name="pretraining">The model and its tokenizer.</param>
    /// <param name="text">The text.</param>
    /// <param name="seed">Decides which characters are hidden.</param>
    public static string Of(Pretraining pretraining, string text, int seed)
    {
        var tokenizer = pretraining.Tokenizer;
        var tokens = new TextInput(tokenizer, ReviewTexts.Length).Encode(text);
        int[] known = [.. Enumerable.Range(0, tokens.Length).Where(i => tokens[i] > CharacterTokenizer.Unknown)];
        new Random(seed).Shuffle(known);
        int[] chosen = [.. known.Take(Hidden).Order()];
        var truth = Array.ConvertAll(chosen, position => tokens[position]);
        var positions = new int[MaskedTexts.Targets];
        chosen.CopyTo(positions, 0);
        foreach (var position in chosen)
            tokens[position] = ReviewTexts.Mask;

        var probabilities = pretraining.Model.Predict(tokens, positions);
        var lines = new StringBuilder(string.Concat(tokens.Select(token => token == ReviewTexts.Mask ? "□" : tokenizer.Decode([token]))));
        for (var i = 0; i < chosen.Length; i++)
        {
            var guesses = probabilities.AsMemory(i * ReviewTexts.Vocabulary, tokenizer.VocabularySize);
            var best = Enumerable.Range(0, guesses.Length).OrderByDescending(token => guesses.Span[token]).Take(Shown);
            var shown = string.Join(", ", best.Select(token => string.Create(CultureInfo.InvariantCulture, $"{tokenizer.Decode([token])} {guesses.Span[token]:P0}")));
            lines.Append(CultureInfo.InvariantCulture, $"\n  {tokenizer.Decode([truth[i]])}: {shown}");
        }

        return lines.ToString();
    }
}
