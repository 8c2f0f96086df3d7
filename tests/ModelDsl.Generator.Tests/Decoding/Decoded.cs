using ModelDsl.Compiled;

namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>
/// Calls the members of generated models that have sessions. Models with inputs in addition to the tokens receive random values, which a seed selects.
/// </summary>
internal static class Decoded
{
    private delegate float[] Prediction(ReadOnlySpan<int> tokens);

    private delegate float[] PredictionOfText(ReadOnlySpan<int> source, ReadOnlySpan<int> tokens);

    private delegate float[] PredictionOfImage(ReadOnlySpan<float> image, ReadOnlySpan<float> style, ReadOnlySpan<int> tokens);

    private delegate GenerationSession SessionOfText(ReadOnlySpan<int> source);

    private delegate GenerationSession SessionOfImage(ReadOnlySpan<float> image, ReadOnlySpan<float> style);

    /// <summary>Begins a session.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">The number of texts.</param>
    /// <param name="given">The seed of the other inputs of the first text; each further text has the next.</param>
    public static GenerationSession Session(Model model, int samples = 1, int given = 0)
    {
        var method = model.GetType().GetMethod("CreateSession")!;
        var seeds = Enumerable.Range(given, samples).ToArray();
        return method.GetParameters().Length switch
        {
            2 => method.CreateDelegate<SessionOfImage>(model)([.. seeds.SelectMany(seed => Floats(model, 0, seed))], [.. seeds.SelectMany(seed => Floats(model, 1, seed))]),
            1 when method.GetParameters()[0].ParameterType == typeof(int) => Single(samples),
            _ => method.CreateDelegate<SessionOfText>(model)([.. seeds.SelectMany(seed => Source(model, seed))]),
        };

        GenerationSession Single(int samples) => (GenerationSession)method.Invoke(model, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [samples], null)!;
    }

    /// <summary>Random tokens that fill the context.</summary>
    public static int[] Tokens(Model model, int seed) => Ids(model.Description.Inputs[^1], seed);

    /// <summary>The tokens of another input, padded at the end.</summary>
    public static int[] Source(Model model, int seed)
    {
        var ids = Ids(model.Description.Inputs[0], seed + 100);
        ids.AsSpan(ids.Length - (seed % 5)).Clear();
        return ids;
    }

    /// <summary>The values of another input.</summary>
    public static float[] Floats(Model model, int input, int seed)
    {
        var random = new Random(seed + 200 + input);
        return [.. Enumerable.Range(0, model.Description.Inputs[input].Length).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>The logits at all positions by the whole forward pass.</summary>
    public static float[] Logits(Model model, int[] tokens, int given = 0)
    {
        var (type, columns) = (model.GetType(), model.Description.Inputs.Length);
        return columns == 1 ? type.GetMethod("PredictLogits", [typeof(ReadOnlySpan<int>)])!.CreateDelegate<Prediction>(model)(tokens)
            : columns == 3 ? type.GetMethod("PredictLogits", [typeof(ReadOnlySpan<float>), typeof(ReadOnlySpan<float>), typeof(ReadOnlySpan<int>)])!
                .CreateDelegate<PredictionOfImage>(model)(Floats(model, 0, given), Floats(model, 1, given), tokens)
            : type.GetMethod("PredictLogits", [typeof(ReadOnlySpan<int>), typeof(ReadOnlySpan<int>)])!.CreateDelegate<PredictionOfText>(model)(Source(model, given), tokens);
    }

    private static int[] Ids(ColumnDescription input, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, input.Length).Select(_ => random.Next(input.Bound))];
    }
}
