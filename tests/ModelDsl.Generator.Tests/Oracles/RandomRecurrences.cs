namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// Random models of sequences with recurrent layers, between layers that keep positions: stacks in both directions, attention, normalisations, compositions, and every way
/// to end a sequence. The same seed gives the same model.
/// </summary>
internal sealed class RandomRecurrences
{
    private const int Vocabulary = 7;

    private static readonly int[] Widths = [1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 17, 24, 33];

    private readonly Random random;
    private readonly SpecBuilder model;
    private readonly bool isPadded;
    private readonly bool isCausal;
    private int blocks;

    private RandomRecurrences(string name, int seed, bool isPadded = false, bool isCausal = false)
    {
        (random, this.isPadded, this.isCausal) = (new Random(seed), isPadded, isCausal);
        model = new SpecBuilder($"{name}{seed}");
    }

    /// <summary>A valid model.</summary>
    public static SpecBuilder Valid(int seed) => new RandomRecurrences("Recurrent", seed).Build(length: null);

    /// <summary>A model of padded texts whose layers and losses all leave padding, token 0, out. Its length decides nothing else.</summary>
    public static SpecBuilder Padded(int seed, int length) => new RandomRecurrences("Padded", seed, isPadded: true).Build(length);

    /// <summary>A model that can have [Generates].</summary>
    public static SpecBuilder Causal(int seed, int length) => new RandomRecurrences("Causal", seed, isCausal: true).Build(length);

    private SpecBuilder Build(int? length)
    {
        var positions = length ?? random.Next(1, 7);
        var width = Pick(Widths);
        if (isPadded || isCausal || Chance(2))
        {
            model.Layer("TokenInput", [("length", positions), ("vocabulary", Vocabulary), .. isPadded || Chance(2) ? [("padding", (object)0)] : Nothing]).Layer("Embedding", ("width", width));
            if (width % 2 == 0 && Chance(3)) model.Layer("SinusoidalEmbedding");
            else if (Chance(3)) model.Layer("PositionalEmbedding");
        }
        else
        {
            model.Input(positions, width);
        }

        width = Recurrent(model, width);
        for (var i = random.Next(3); i > 0; i--) width = Step(model, width);
        End(width);
        return model;
    }

    private int Step(SpecBuilder target, int width)
    {
        switch (random.Next(9))
        {
            case 0 or 1:
                return Recurrent(target, width);
            case 2:
                target.Dense(width = Pick(Widths));
                return width;
            case 3:
                target.Layer(Pick(["Tanh", "Relu", "Gelu", "Silu", "Softmax"]));
                return width;
            case 4 when width > 2:
                // With few values in a row the variance may all but vanish, and float32 with it.
                target.Layer(Pick(["LayerNorm", "RmsNorm"]), ("epsilon", 0.1));
                return width;
            case 5:
                int[] heads = [.. Enumerable.Range(1, 4).Where(count => width % count == 0)];
                target.Layer("SelfAttention", [("heads", Pick(heads)), .. isCausal || Chance(2) ? [("causal", (object)true)] : Nothing, .. Chance(3) ? [("alibi", (object)true)] : Nothing]);
                return width;
            case 6:
                var key = $"{model.Key}Block{++blocks}";
                model.Block(key, block =>
                {
                    var inner = Recurrent(block, width);
                    if (inner != width) block.Dense(width);
                });
                target.Composite(Chance(2) ? "Residual" : "Apply", [key]);
                return width;
            case 7 when !isPadded:
                target.Layer("Dropout", ("rate", 0.3));
                return width;
            default:
                return width;
        }
    }

    /// <summary>A recurrent layer that gives all positions.</summary>
    private int Recurrent(SpecBuilder target, int width) => Recurrent(target, width, returnsSequences: true);

    private int Recurrent(SpecBuilder target, int width, bool returnsSequences)
    {
        var (units, isBidirectional, layers) = (Chance(4) ? width : Pick(Widths), Chance(4) && !isCausal, Chance(4) ? random.Next(2, 4) : 1);
        target.Layer(
            Pick(["Lstm", "Gru", "SimpleRnn"]),
            [
                ("units", units), .. returnsSequences ? [("returnSequences", true)] : Nothing, .. isBidirectional ? [("bidirectional", true)] : Nothing,
                .. layers > 1 ? [("layers", layers)] : Nothing, .. layers > 1 && !isPadded && Chance(2) ? [("dropout", 0.2)] : Nothing,
                .. Chance(4) ? [("useBias", false)] : Nothing, .. Chance(10) ? [("frozen", true)] : Nothing,
            ]);
        return units * (isBidirectional ? 2 : 1);
    }

    /// <summary>Positions become one value, or stay; then a loss.</summary>
    private void End(int width)
    {
        if (isCausal)
        {
            model.Dense(Vocabulary).Layer("SoftmaxCrossEntropy");
            return;
        }

        var end = random.Next(isPadded ? 4 : 5);
        if (end == 0) Recurrent(model, width, returnsSequences: false);
        else if (end == 1) model.Layer("Last");
        else if (end == 2) model.Layer("GlobalAveragePool");
        else if (end == 4) model.Layer("Flatten");
        var classes = random.Next(2, 6);
        model.Dense(classes);
        var loss = Pick(["SoftmaxCrossEntropy", "MeanSquaredError", "MeanAbsoluteError", "Huber", "BinaryCrossEntropy"]);
        model.Layer(loss, loss == "SoftmaxCrossEntropy" && Chance(3) ? [("labelSmoothing", 0.2)] : []);
    }

    private static (string, object)[] Nothing => [];

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;
}
