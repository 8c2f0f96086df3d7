using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// Random models that are valid: layers, widths that are no multiple of anything, compositions, losses. The same seed gives the same model. Each
/// is a spec and, through <see cref="SpecSource"/>, C# source.
/// </summary>
internal sealed class RandomModels
{
    private static readonly int[] Widths = [1, 2, 3, 4, 5, 7, 8, 11, 13, 16, 17, 23, 31, 32, 33, 37];
    private static readonly string[] Inits = ["Default", "GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "Normal", "Uniform"];

    private readonly Random random;
    private readonly SpecBuilder model;
    private int blocks;

    private RandomModels(int seed)
    {
        random = new Random(seed);
        model = new SpecBuilder($"Random{seed}");
    }

    /// <summary>A valid model.</summary>
    public static SpecBuilder Valid(int seed) => new RandomModels(seed).Build();

    /// <summary>A valid model with names for the outputs of some of its layers; null where it has none between input and loss.</summary>
    public static SpecBuilder? WithNames(int seed)
    {
        var (model, random) = (Valid(seed), new Random(seed));
        var (first, layers) = (model.Layers[1], model.Layers.Skip(2).ToArray());
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            // The last of these is the loss: what stands before it is named.
            if (i > 0 && random.Next(2) == 0) continue;
            model.Put(i + 2, new LayerSpec("Output", EquatableArray.Of(new ArgumentSpec("name", $"part{i}")), EquatableArray<string>.Empty, layers[i].Site), replace: false);
        }

        // A block without layers leaves the input as it is, which has no other name.
        return layers.Length == 0 || first.Blocks.Count > 0 ? null : model;
    }

    private SpecBuilder Build()
    {
        var shape = Input();
        var count = random.Next(6);
        for (var i = 0; i < count; i++) shape = Step(model, shape, depth: 0);
        Loss(shape);
        return model;
    }

    private int[] Input()
    {
        if (Chance(4))
        {
            var (length, vocabulary, width) = (random.Next(1, 8), random.Next(2, 20), Width());
            model.TokenInput(length, vocabulary).Layer("Embedding", [("width", width), .. Common()]);
            if (Chance(2)) model.Layer("PositionalEmbedding", Common());
            return [length, width];
        }

        int[] shape = random.Next(4) switch { 0 => [random.Next(1, 6), Width()], 1 => [2, random.Next(1, 4), random.Next(1, 5)], _ => [Width()] };
        model.Input(shape);
        return shape;
    }

    private int[] Step(SpecBuilder target, int[] shape, int depth)
    {
        switch (random.Next(depth < 2 ? 10 : 6))
        {
            case 0 or 1:
                return Dense(target, shape, Width());
            case 2 or 3:
                Activation(target);
                return shape;
            case 4:
                return Other(target, shape);
            case 5:
                // With few values in a row the variance may all but vanish, and float32 with it.
                if (shape[^1] < 3) return shape;
                switch (random.Next(4))
                {
                    case 0:
                        var divisors = Enumerable.Range(1, shape[^1] / 2).Where(groups => shape[^1] % groups == 0).ToArray();
                        target.Layer("GroupNorm", [("groups", divisors[random.Next(divisors.Length)]), ("epsilon", 0.1), .. Common()]);
                        break;
                    case 1:
                        target.Layer("LayerNorm", [.. Chance(3) ? [("useScale", (object)false)] : Array.Empty<(string, object)>(), .. Common()]);
                        break;
                    case 2:
                        target.Layer("RmsNorm", Common());
                        break;
                    default:
                        // Two samples may all but agree, so ε is large enough to keep their distance from being blown up.
                        target.Layer("BatchNorm", [("epsilon", 0.1), .. Chance(3) ? [("momentum", (object)0.5)] : Array.Empty<(string, object)>(), .. Common()]);
                        break;
                }

                return shape;
            case 6:
                return Parallel(target, shape, depth);
            case 7:
                target.Composite("Residual", [Keeping(shape, depth)]);
                return shape;
            case 8:
                target.Composite("Repeat", [Keeping(shape, depth)], ("count", random.Next(1, 4)));
                return shape;
            default:
                var (key, output) = Block(shape, depth, width: null);
                target.Composite("Apply", [key], Chance(4) ? [("name", $"part{blocks}")] : []);
                return output;
        }
    }

    private int[] Dense(SpecBuilder target, int[] shape, int units)
    {
        var more = new List<(string, object)>();
        if (Chance(4)) more.Add(("useBias", false));
        if (Chance(4)) more.Add(("kernelInitializer", Inits[random.Next(Inits.Length)]));
        target.Dense(units, [.. more, .. Common()]);
        return [.. shape[..^1], units];
    }

    private void Activation(SpecBuilder target)
    {
        string[] kinds = ["Relu", "LeakyRelu", "Elu", "Gelu", "Silu", "Sigmoid", "Tanh", "Softplus", "Softmax", "Activation"];
        var kind = kinds[random.Next(kinds.Length)];
        (string, object)[] arguments = kind switch
        {
            "LeakyRelu" when Chance(2) => [("slope", 0.25)],
            "Elu" when Chance(2) => [("alpha", 0.5)],
            "Gelu" when Chance(2) => [("approximate", true)],
            "Activation" => [("function", OwnFunctions.Activations[random.Next(OwnFunctions.Activations.Count)].Spec)],
            _ => [],
        };
        target.Layer(kind, arguments);
    }

    private int[] Other(SpecBuilder target, int[] shape)
    {
        var length = shape.Aggregate(1, (product, size) => product * size);
        if (shape.Length == 2 && Chance(2))
        {
            Attention(target, shape[^1]);
            return shape;
        }

        if (shape.Length > 1 && Chance(2)) return OfMaps(target, shape);
        switch (random.Next(3))
        {
            case 0:
                target.Layer("Flatten");
                return [length];
            case 1 when length % 2 == 0:
                int[] split = [2, length / 2];
                target.Layer("Reshape", ("shape", new EquatableArray<int>(split)));
                return split;
            default:
                target.Layer("Dropout", ("rate", random.Next(4) * 0.2));
                return shape;
        }
    }

    private void Attention(SpecBuilder target, int width)
    {
        int[] counts = [.. Enumerable.Range(1, 4).Where(heads => width % heads == 0)];
        var heads = counts[random.Next(counts.Length)];
        var more = new List<(string, object)> { ("heads", heads) };
        if (Chance(2)) more.Add(("causal", true));
        if (Chance(3)) more.Add(("window", random.Next(1, 4)));
        if (Chance(3)) more.Add(("keyValueHeads", 1));
        if (Chance(4)) more.Add(("dropout", 0.3));
        if (width / heads % 2 == 0 && Chance(2)) more.Add(("rope", true));
        else if (Chance(3)) more.Add(("alibi", true));

        // With few values in a row the variance may all but vanish, and float32 with it.
        if (width >= 3 && Chance(3)) target.Layer("TransformerEncoder", [.. more, ("hidden", Width()), ("normFirst", Chance(2)), ("epsilon", 0.1), .. Common()]);
        else target.Layer("SelfAttention", [.. more, .. Chance(3) ? [("useBias", (object)false)] : Array.Empty<(string, object)>(), .. Common()]);
    }

    private int[] OfMaps(SpecBuilder target, int[] shape)
    {
        switch (random.Next(4))
        {
            case 0:
                target.Layer("GlobalAveragePool");
                return [shape[^1]];
            case 1 when shape.Length == 3 && shape[0] * shape[1] < 20:
                var factor = random.Next(1, 4);
                target.Layer("UpSample2D", ("factor", factor), ("interpolation", Chance(2) ? "Bilinear" : "Nearest"));
                return [shape[0] * factor, shape[1] * factor, shape[2]];
            case 2 when shape[0] < 20:
                var (before, behind) = (random.Next(3), random.Next(3));
                target.Layer("Pad", ("padding", new EquatableArray<int>(shape.Length == 2 ? [before, behind] : [before, behind, behind, before])));
                return shape.Length == 2 ? [shape[0] + before + behind, shape[1]] : [shape[0] + before + behind, shape[1] + behind + before, shape[2]];
            default:
                target.Layer("Dropout2D", ("rate", random.Next(4) * 0.2));
                return shape;
        }
    }

    private int[] Parallel(SpecBuilder target, int[] shape, int depth)
    {
        var count = random.Next(2, 4);
        if (Chance(2))
        {
            target.Composite("Parallel", [.. Enumerable.Range(0, count).Select(_ => Keeping(shape, depth))], ("merge", "Add"));
            return shape;
        }

        var widths = Enumerable.Range(0, count).Select(_ => Width()).ToArray();
        target.Composite("Parallel", [.. widths.Select(width => Projecting(shape, depth, width))], ("merge", "Concat"));
        return [.. shape[..^1], widths.Sum()];
    }

    private string Keeping(int[] shape, int depth) => Projecting(shape, depth, shape[^1]);

    /// <summary>A block that gives the same positions with the given width.</summary>
    private string Projecting(int[] shape, int depth, int width) => Block(shape, depth, width).Key;

    private (string Key, int[] Output) Block(int[] shape, int depth, int? width)
    {
        var key = $"{model.Key}Block{++blocks}";
        var output = shape;
        model.Block(key, block =>
        {
            var count = random.Next(3);
            for (var i = 0; i < count; i++)
            {
                var before = block.Count;
                var next = Step(block, output, depth + 1);

                // The number of positions must not change if the result is added or concatenated.
                if (width is not null && !next.SkipLast(1).SequenceEqual(shape.SkipLast(1))) block.RemoveAfter(before);
                else output = next;
            }

            if (width is { } units && (output[^1] != units || Chance(2))) output = Dense(block, output, units);
        });
        return (key, output);
    }

    private void Loss(int[] shape)
    {
        if (shape[^1] < 2 || Chance(2)) shape = Dense(model, shape, random.Next(2, 12));
        switch (random.Next(7))
        {
            case 0:
                model.Layer("MeanSquaredError");
                break;
            case 1:
                model.Layer("MeanAbsoluteError");
                break;
            case 2:
                model.Layer("Huber", ("delta", 0.7));
                break;
            case 3:
                Dense(model, shape, random.Next(1, 5));
                model.Layer("BinaryCrossEntropy", Chance(2) ? [("labelSmoothing", 0.1)] : []);
                break;
            case 4:
                model.Layer("Loss", ("function", OwnFunctions.Losses[random.Next(OwnFunctions.Losses.Count)].Spec));
                break;
            default:
                shape = Dense(model, shape, random.Next(2, 20));
                var soft = Chance(3) ? new[] { ("softTargets", (object)true) } : [];

                // Without it a label for each row of a sample would be thought to be a mistake.
                if (shape.Length > 1 && soft.Length == 0) model.Layer("Reshape", ("shape", new EquatableArray<int>(shape)));
                model.Layer("SoftmaxCrossEntropy", [.. soft, .. Chance(3) ? [("labelSmoothing", (object)0.2)] : Array.Empty<(string, object)>()]);
                break;
        }
    }

    private (string, object)[] Common() => random.Next(12) switch
    {
        0 => [("frozen", true)],
        1 => [("weightDecay", 0.01)],
        _ => [],
    };

    private int Width() => Widths[random.Next(Widths.Length)];

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;
}
