namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>Calls the members of generated models that have sessions.</summary>
internal static class Decoded
{
    private delegate float[] Prediction(ReadOnlySpan<int> tokens);

    public static GenerationSession Session(Model model, int samples = 1) =>
        (GenerationSession)model.GetType().GetMethod("CreateSession")!.Invoke(model, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [samples], null)!;

    /// <summary>Random tokens that fill the context.</summary>
    public static int[] Tokens(Model model, int seed)
    {
        var (random, input) = (new Random(seed), model.Description.Inputs[0]);
        return [.. Enumerable.Range(0, input.Length).Select(_ => random.Next(input.Bound))];
    }

    /// <summary>The logits at all positions by the whole forward pass.</summary>
    public static float[] Logits(Model model, int[] tokens) =>
        model.GetType().GetMethod("PredictLogits", [typeof(ReadOnlySpan<int>)])!.CreateDelegate<Prediction>(model)(tokens);
}
