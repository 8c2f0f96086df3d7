using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// Random models of images and sequences: convolutions and pools of any window, stride, padding, dilation and grouping, normalisations, maps made larger, and ways
/// around them, over sizes that are no multiple of anything. The same seed gives the same model.
/// </summary>
internal sealed class RandomImages
{
    private static readonly int[] Channels = [1, 2, 3, 4, 5, 6, 8, 12, 16, 17, 33, 40];

    private readonly Random random;
    private readonly SpecBuilder model;
    private readonly int rank;
    private readonly int[] sizes;
    private int channels;
    private int blocks;

    private RandomImages(int seed)
    {
        random = new Random(seed);
        model = new SpecBuilder($"Images{seed}");
        rank = random.Next(4) == 0 ? 1 : 2;
        sizes = [.. Enumerable.Range(0, rank).Select(_ => random.Next(1, 10))];
        channels = Channels[random.Next(8)];
    }

    /// <summary>A valid model.</summary>
    public static SpecBuilder Valid(int seed) => new RandomImages(seed).Build();

    private SpecBuilder Build()
    {
        model.Input([.. sizes, channels]);
        var count = random.Next(1, 4);
        for (var i = 0; i < count; i++) Step();
        model.Layer(random.Next(4) == 0 ? "GlobalAveragePool" : "Flatten").Dense(random.Next(2, 5)).Layer(random.Next(2) == 0 ? "MeanSquaredError" : "SoftmaxCrossEntropy");
        return model;
    }

    private void Step()
    {
        switch (random.Next(12))
        {
            case 0 or 1 or 2 or 3:
                Convolution();
                break;
            case 4 when rank == 2:
                Transposed();
                break;
            case 5 or 6:
                Pool();
                break;
            case 7:
                model.Layer(random.Next(2) == 0 ? "Dropout" : "Dropout2D", ("rate", 0.3));
                break;
            case 8:
                Normalised(model);
                break;
            case 9:
                Around();
                break;
            case 10:
                Larger();
                break;
            default:
                model.Dense(channels = Pick(Channels));
                break;
        }

        string[] activations = ["Relu", "Tanh", "Gelu", "Softmax", "LayerNorm", "Silu"];
        if (random.Next(2) == 0) model.Layer(activations[random.Next(channels > 2 ? activations.Length : 3)]);
    }

    private void Convolution()
    {
        int[] divisors = [.. Enumerable.Range(1, channels).Where(groups => channels % groups == 0)];
        var groups = random.Next(3) == 0 ? Pick(divisors) : 1;
        var filters = groups == channels && random.Next(2) == 0 ? groups : groups * Math.Max(1, Pick(Channels) / groups);
        var (kernel, stride, dilation) = (random.Next(1, 5), random.Next(1, 4), random.Next(3) == 0 ? random.Next(2, 4) : 1);
        var width = rank == 2 && random.Next(4) == 0 ? random.Next(1, 4) : 0;
        int[] kernels = rank == 1 ? [kernel] : [kernel, width > 0 ? width : kernel];
        var (padding, positions) = Positions(kernels, stride, dilation, random.Next(4));
        if (positions is null) return;
        model.Layer(
            $"Conv{rank}D",
            [
                ("filters", filters), ("kernel", kernel), .. padding,
                .. stride > 1 ? [("stride", stride)] : Nothing, .. dilation > 1 ? [("dilation", dilation)] : Nothing,
                .. groups > 1 ? [("groups", groups)] : Nothing, .. width > 0 ? [("kernelWidth", width)] : Nothing,
                .. random.Next(4) == 0 ? [("useBias", false)] : Nothing, .. random.Next(10) == 0 ? [("frozen", true)] : Nothing,
            ]);
        Become(positions, filters);
    }

    private void Transposed()
    {
        var (kernel, stride, dilation) = (random.Next(1, 5), random.Next(1, 4), random.Next(4) == 0 ? 2 : 1);
        var (reach, filters, form) = ((dilation * (kernel - 1)) + 1, Pick(Channels), random.Next(3));
        var cut = form == 1 ? random.Next(2) : 0;
        int[] positions = [.. sizes.Select(size => form == 2 ? size * stride : ((size - 1) * stride) - (2 * cut) + reach)];
        if (positions.Any(size => size is < 1 or > 14)) return;
        model.Layer(
            "ConvTranspose2D",
            [
                ("filters", filters), ("kernel", kernel), .. form == 1 ? [("paddingSize", cut)] : form == 2 ? [("padding", "Same")] : Nothing,
                .. stride > 1 ? [("stride", stride)] : Nothing, .. dilation > 1 ? [("dilation", dilation)] : Nothing,
            ]);
        Become(positions, filters);
    }

    private void Normalised(SpecBuilder target)
    {
        // Few values may all but agree, so ε is large enough to keep their distance from being blown up.
        if (random.Next(3) == 0 && sizes.Any(size => size > 1)) target.Layer("GroupNorm", ("groups", Pick([.. Enumerable.Range(1, channels).Where(groups => channels % groups == 0)])), ("epsilon", 0.1));
        else target.Layer("BatchNorm", [("epsilon", 0.1), .. random.Next(4) == 0 ? [("frozen", true)] : Nothing, .. random.Next(4) == 0 ? [("useScale", false)] : Nothing]);
    }

    /// <summary>A convolution that keeps the shape, in a residual or in parallel with another one.</summary>
    private void Around()
    {
        var beside = random.Next(3) == 0;
        string[] keys = [.. Enumerable.Range(0, beside ? 2 : 1).Select(_ => $"{model.Key}Block{++blocks}")];
        foreach (var key in keys)
        {
            model.Block(key, block =>
            {
                block.Layer($"Conv{rank}D", ("filters", channels), ("kernel", random.Next(1, 4)), ("padding", "Same"));
                if (random.Next(2) == 0) Normalised(block);
                if (random.Next(2) == 0) block.Layer("Relu");
            });
        }

        if (!beside)
        {
            model.Composite("Residual", keys);
            return;
        }

        var sideBySide = random.Next(2) == 0;
        model.Composite("Parallel", keys, ("merge", sideBySide ? "Concat" : "Add"));
        if (sideBySide) channels *= 2;
    }

    private void Larger()
    {
        if (sizes.Any(size => size > 6)) return;
        if (rank == 1 || random.Next(2) == 0)
        {
            int[] sides = [.. Enumerable.Range(0, 2 * rank).Select(_ => random.Next(3))];
            model.Layer("Pad", ("padding", new EquatableArray<int>(sides)));
            Become([.. sizes.Select((size, axis) => size + sides[2 * axis] + sides[(2 * axis) + 1])], channels);
            return;
        }

        var factor = random.Next(1, 3);
        model.Layer("UpSample2D", ("factor", factor), ("interpolation", random.Next(2) == 0 ? "Bilinear" : "Nearest"));
        Become([.. sizes.Select(size => size * factor)], channels);
    }

    private void Pool()
    {
        var (window, stride) = (random.Next(1, 4), random.Next(4));
        var form = random.Next(4);
        if (form == 1 && window < 2) form = 0;
        var (padding, positions) = Positions([.. sizes.Select(_ => window)], stride > 0 ? stride : window, 1, form, most: window / 2);
        if (positions is null) return;
        model.Layer($"{(random.Next(3) > 0 ? "Max" : "Average")}Pool{rank}D", [("window", window), .. padding, .. stride > 0 ? [("stride", stride)] : Nothing]);
        Become(positions, channels);
    }

    /// <summary>A padding, and the sizes it leaves; null where the window does not fit.</summary>
    private ((string, object)[] Padding, int[]? Positions) Positions(int[] kernels, int stride, int dilation, int form, int most = 2)
    {
        var given = form == 1 ? random.Next(0, most + 1) : 0;
        var positions = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var reach = (dilation * (kernels[axis] - 1)) + 1;
            positions[axis] = form == 2 ? (sizes[axis] + stride - 1) / stride : sizes[axis] + (2 * given) < reach ? 0 : ((sizes[axis] + (2 * given) - reach) / stride) + 1;
            if (positions[axis] < 1) return ([], null);
        }

        return (form == 1 ? [("paddingSize", given)] : form == 2 ? [("padding", "Same")] : [], positions);
    }

    private void Become(int[] positions, int filters)
    {
        positions.CopyTo(sizes, 0);
        channels = filters;
    }

    private static (string, object)[] Nothing => [];

    private int Pick(int[] values) => values[random.Next(values.Length)];
}
