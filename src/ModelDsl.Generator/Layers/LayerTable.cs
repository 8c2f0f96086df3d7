namespace ModelDsl.Generator.Layers;

/// <summary>All layers. To add one, add its file, its line here and its attribute.</summary>
internal static class LayerTable
{
    private static readonly Dictionary<string, Layer> Layers = new Layer[]
    {
        new InputLayer(),
        new TokenInputLayer(),
        new TargetLayer(),
        new LabelLayer(),

        new DenseLayer(),
        new EmbeddingLayer(),
        new PositionalEmbeddingLayer(),
        new SinusoidalEmbeddingLayer(),
        new RotaryEmbeddingLayer(),
        new SelfAttentionLayer(),
        new CrossAttentionLayer(),
        new TransformerEncoderLayer(),
        new TransformerDecoderLayer(),
        new LstmLayer(),
        new GruLayer(),
        new SimpleRnnLayer(),
        new LastLayer(),
        new FlattenLayer(),
        new ReshapeLayer(),
        new DropoutLayer(),
        new LayerNormLayer(),
        new RmsNormLayer(),
        new BatchNormLayer(),
        new GroupNormLayer(),
        new GlobalAveragePoolLayer(),
        new Dropout2DLayer(),
        new UpSample2DLayer(),
        new PadLayer(),

        new ConvLayer(2),
        new ConvLayer(1),
        new ConvTransposeLayer(2),
        new PoolLayer(2, isMax: true),
        new PoolLayer(1, isMax: true),
        new PoolLayer(2, isMax: false),
        new PoolLayer(1, isMax: false),

        new ReluLayer(),
        new LeakyReluLayer(),
        new EluLayer(),
        new GeluLayer(),
        new SiluLayer(),
        new SigmoidLayer(),
        new TanhLayer(),
        new SoftplusLayer(),
        new SoftmaxLayer(),
        new ActivationLayer(),

        new OutputLayer(),

        new ApplyLayer(),
        new ResidualLayer(),
        new RepeatLayer(),
        new ParallelLayer(),

        new MeanSquaredErrorLoss(),
        new MeanAbsoluteErrorLoss(),
        new HuberLoss(),
        new BinaryCrossEntropyLoss(),
        new SoftmaxCrossEntropyLoss(),
        new CustomLoss(),
    }.ToDictionary(layer => layer.Kind, StringComparer.Ordinal);

    public static IEnumerable<Layer> All => Layers.Values;

    public static Layer? TryFind(string kind) => Layers.TryGetValue(kind, out var layer) ? layer : null;

    public static Layer Find(string kind) =>
        TryFind(kind) ?? throw new InvalidOperationException($"No layer is called '{kind}'.");
}
