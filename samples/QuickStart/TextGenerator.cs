using ModelDsl;

namespace QuickStart;

/// <summary>Writes on where a text ends, one character after the other.</summary>
internal sealed class TextGenerator(CharModel model, CharacterTokenizer tokenizer, int seed)
{
    /// <summary>Each character as soon as it is known. Low temperatures play safe, high ones are adventurous; 1 takes the model at its word.</summary>
    public IEnumerable<string> Continue(string prompt, int characters, double temperature)
    {
        using var session = model.CreateSession();
        var options = new GenerationOptions { MaxNewTokens = characters, Temperature = temperature, Seed = seed, AtContextEnd = ContextEnd.Slide };
        foreach (var token in session.Generate(tokenizer.Encode(prompt), options))
            yield return tokenizer.Decode([token]);
    }
}
