namespace ModelDsl.Generator.Layers;

/// <summary>Every layer there is. Adding one is its file, its line here and its attribute.</summary>
internal static class LayerTable
{
    private static readonly Dictionary<string, Layer> Layers = new Layer[]
    {
        new InputLayer(),
        new TokenInputLayer(),
        new DenseLayer(),
        new ReluLayer(),
        new SigmoidLayer(),
        new SiluLayer(),
        new SoftplusLayer(),
        new TanhLayer(),
        new MeanSquaredErrorLoss(),
        new SoftmaxCrossEntropyLoss(),
    }.ToDictionary(layer => layer.Kind, StringComparer.Ordinal);

    public static IEnumerable<Layer> All => Layers.Values;

    public static Layer Find(string kind) =>
        Layers.TryGetValue(kind, out var layer) ? layer : throw new InvalidOperationException($"No layer is called '{kind}'.");
}
