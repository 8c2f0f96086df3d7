namespace ModelDsl;

/// <summary>Labels as one number per class, for losses that compare with probabilities.</summary>
public static class OneHot
{
    /// <summary>A row per label that is 1 at its class and 0 elsewhere, as Keras' <c>to_categorical</c> makes it.</summary>
    /// <param name="labels">The classes, from 0 on.</param>
    /// <param name="classes">How many classes there are, at least 1.</param>
    /// <returns>[labels, classes], row after row: the targets of <c>[SoftmaxCrossEntropy(SoftTargets = true)]</c>.</returns>
    /// <exception cref="ArgumentException">A label is no class, or the rows are too many for an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is less than 1.</exception>
    public static float[] FromLabels(ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if ((long)labels.Length * classes > Array.MaxLength)
            throw new ArgumentException($"{labels.Length} labels of {classes} classes are more than an array can hold.", nameof(labels));
        var rows = new float[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"Label {i} is {labels[i]}; with {classes} classes labels run from 0 to {classes - 1}.", nameof(labels));
            rows[(i * classes) + labels[i]] = 1;
        }

        return rows;
    }
}
