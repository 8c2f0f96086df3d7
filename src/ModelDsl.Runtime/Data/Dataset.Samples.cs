using ModelDsl.Compiled;

namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>
    /// Creates a dataset that reads samples from objects when batches are prepared, in the background, such as for decoding images or for random augmentation. A sequence
    /// that is not a list is first copied to a list.
    /// </summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="samples">The objects. A list must not change while it is in use.</param>
    /// <param name="layout">How an object is read.</param>
    /// <exception cref="InvalidOperationException">The layout has no columns.</exception>
    public static Dataset FromSamples<T>(IEnumerable<T> samples, SampleLayout<T> layout)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(layout);
        return new SampleDataset<T>(samples as IReadOnlyList<T> ?? [.. samples], layout.Freeze());
    }

    /// <summary>Creates a dataset of floats with class labels, which are read from objects immediately and kept in memory.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="samples">The objects.</param>
    /// <param name="input">Returns the inputs of an object; the first object decides their number.</param>
    /// <param name="label">Returns the class of an object, starting at 0.</param>
    /// <exception cref="ArgumentException">An object has a different number of inputs than the first.</exception>
    public static Dataset FromSamples<T>(IEnumerable<T> samples, Func<T, float[]> input, Func<T, int> label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var labels = new List<int>();
        var (inputs, length) = Read(samples, input, sample => labels.Add(label(sample)));
        return FromColumns(DataColumn.Floats("input", inputs, length), DataColumn.Ints("label", labels.ToArray()));
    }

    /// <summary>Creates a dataset of floats with a float target, which are read from objects immediately and kept in memory.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="samples">The objects.</param>
    /// <param name="input">Returns the inputs of an object; the first object decides their number.</param>
    /// <param name="target">Returns the target of an object.</param>
    /// <exception cref="ArgumentException">An object has a different number of inputs than the first.</exception>
    public static Dataset FromSamples<T>(IEnumerable<T> samples, Func<T, float[]> input, Func<T, float> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var targets = new List<float>();
        var (inputs, length) = Read(samples, input, sample => targets.Add(target(sample)));
        return FromColumns(DataColumn.Floats("input", inputs, length), DataColumn.Floats("target", targets.ToArray()));
    }

    private static (float[] Inputs, int Length) Read<T>(IEnumerable<T> samples, Func<T, float[]> input, Action<T> readTarget)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(input);
        var (inputs, length, count) = (new List<float>(), 0, 0);
        foreach (var sample in samples)
        {
            var row = input(sample) ?? throw new ArgumentException($"Sample {count} has no inputs (null).", nameof(samples));
            length = count == 0 ? row.Length : length;
            if (row.Length == 0 || row.Length != length)
                throw new ArgumentException($"Sample {count} has {row.Length} inputs{(count == 0 ? "" : $"; the first one has {length}")}.", nameof(samples));
            inputs.AddRange(row);
            readTarget(sample);
            count++;
        }

        return ([.. inputs], Math.Max(1, length));
    }

    private sealed class SampleDataset<T>(IReadOnlyList<T> samples, SampleLayout<T> layout) : Dataset
    {
        public override int Count => samples.Count;

        public override IReadOnlyList<ColumnDescription> Columns => layout.Columns;

        protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
        {
            for (var i = 0; i < indices.Length; i++)
                layout.Write(samples[indices[i]], batch, i);
        }
    }
}
