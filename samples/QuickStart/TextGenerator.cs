using ModelDsl;

namespace QuickStart;

/// <summary>Writes on where a text ends, one character after the other.</summary>
internal sealed class TextGenerator(CharModel model, CharacterTokenizer tokenizer, int seed)
{
    private readonly Random random = new(seed);
    private readonly float[] probabilities = new float[CharModel.Vocabulary];

    /// <summary>Low temperatures play safe, high ones are adventurous; 1 takes the model at its word.</summary>
    public string Continue(string prompt, int characters, double temperature)
    {
        var text = new List<int>(tokenizer.Encode(prompt.PadLeft(CharModel.Window, '\n')));
        var start = text.Count;
        for (var i = 0; i < characters; i++)
        {
            var window = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text)[^CharModel.Window..];
            model.Predict(window, probabilities);
            text.Add(Draw(temperature));
        }

        return tokenizer.Decode(text[start..].ToArray());
    }

    private int Draw(double temperature)
    {
        var weights = Array.ConvertAll(probabilities, p => Math.Pow(p, 1 / temperature));
        var rest = random.NextDouble() * weights.Sum();
        for (var id = 0; id < weights.Length; id++)
        {
            rest -= weights[id];
            if (rest < 0)
                return id;
        }

        return weights.Length - 1;
    }
}
