namespace ModelDsl.Generator.Tests.Networks;

/// <summary>
/// Numbers that follow from a seed, a name and an index, exact in float32: tests/vectors/random_networks/numbers.py computes the same, so that no file holds them.
/// </summary>
/// <param name="seed">The seed of the network.</param>
internal sealed class DrawnNumbers(int seed)
{
    /// <summary>The initial value of a parameter or state, in row-major order of its shape.</summary>
    public float[] Parameter(ParameterTensor tensor)
    {
        var isOne = tensor.Name.EndsWith("weight", StringComparison.Ordinal) || tensor.Name.EndsWith("running_var", StringComparison.Ordinal);
        var (center, scale) = tensor.Shape.Count == 1 ? (isOne ? 1.0 : 0.0, 0.5) : (0.0, 1.0);
        if (tensor.Shape.Count > 1)
        {
            for (var inputs = tensor.Count / tensor.Shape[0]; scale * scale * inputs > 3;) scale /= 2;
        }

        return Array.ConvertAll(Uniform(tensor.Name, tensor.Count), value => (float)(center + (scale * value)));
    }

    /// <summary>Fills a column of a batch, whose <see cref="Batch.Count"/> is set.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="column">The column.</param>
    /// <param name="step">The number of the training step.</param>
    /// <param name="kind">What the column holds: <c>ids</c>, <c>numbers</c>, <c>shares</c> or <c>mixture</c>.</param>
    /// <param name="bound">The number of ids or classes.</param>
    public void Fill(Batch batch, int column, int step, string kind, int bound)
    {
        var name = $"column {column} of step {step}";
        if (kind == "ids")
        {
            var ids = batch.Ints(column);
            Array.ConvertAll(Bits(name, ids.Length), bits => (int)(bits % (uint)bound)).CopyTo(ids);
            return;
        }

        var values = batch.Floats(column);
        if (kind == "mixture") Mix(name, values, bound);
        else Array.ConvertAll(Uniform(name, values.Length), value => (float)(kind == "shares" ? (value + 1) / 2 : 2 * value)).CopyTo(values);
    }

    /// <summary>
    /// A tensor in a few numbers: its root mean square, its sum weighted by random numbers, which a permutation changes, and three elements.
    /// </summary>
    public double[] Summary(string name, double[] values)
    {
        var weights = Uniform(name + " weights", values.Length);
        var chosen = Bits(name + " elements", 3);
        return
        [
            Math.Sqrt(values.Average(value => value * value)), values.Zip(weights, (value, weight) => value * weight).Sum(),
            .. chosen.Select(bits => values[bits % (uint)values.Length]),
        ];
    }

    /// <summary>Probabilities of each class: ⅝, ¼ and ⅛ to classes drawn independently.</summary>
    private void Mix(string name, Span<float> values, int classes)
    {
        var drawn = Bits(name, values.Length / classes * 3);
        values.Clear();
        for (var i = 0; i < drawn.Length; i++) values[(i / 3 * classes) + (int)(drawn[i] % (uint)classes)] += (i % 3) switch { 0 => 0.625f, 1 => 0.25f, _ => 0.125f };
    }

    /// <summary>From −1 to 1, in steps of 2⁻²¹.</summary>
    private double[] Uniform(string name, int count) => Array.ConvertAll(Bits(name, count), bits => ((bits >> 10) / 2097152.0) - 1);

    private uint[] Bits(string name, int count)
    {
        var key = Mixed(HashOf(name) + ((uint)seed * 0x9E3779B9));
        return [.. Enumerable.Range(0, count).Select(i => Mixed(key + ((uint)i * 0x9E3779B9)))];
    }

    /// <summary>FNV-1a (Fowler, Noll and Vo), 32 bits.</summary>
    private static uint HashOf(string text) => text.Aggregate(2166136261, (hash, symbol) => (hash ^ symbol) * 16777619);

    /// <summary>The finalizer of MurmurHash3 (Appleby), 32 bits.</summary>
    private static uint Mixed(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return value ^ (value >> 16);
    }
}
