namespace ModelDsl;

/// <summary>Converts labels to one number per class, for losses that compare with probabilities.</summary>
public static class OneHot
{
    /// <summary>Returns one row per label, which is 1 at its class and 0 elsewhere, like <c>to_categorical</c> of Keras.</summary>
    /// <param name="labels">The classes, starting at 0.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <returns>[labels, classes] in row-major order: the targets of <c>[SoftmaxCrossEntropy(SoftTargets = true)]</c>.</returns>
    /// <exception cref="ArgumentException">A label is not a valid class, or the result is too large for an array.</exception>
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
