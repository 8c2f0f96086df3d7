using System.Globalization;
using ModelDsl.Compiled;

namespace ModelDsl.Training;

/// <summary>
/// Checks the inputs of the first batch of a run: networks learn badly from values that are far from 1, such as the bytes of images. It checks only float inputs,
/// not token ids, labels or targets.
/// </summary>
internal static class InputScale
{
    /// <summary>Integers up to this limit may be counts, sizes or codes; bytes of images exceed it in nearly every batch.</summary>
    private const float GreatestSmallNumber = 127;

    private const float GreatestByte = 255;

    /// <summary>Standardized values are always smaller.</summary>
    private const float GreatestValue = 10_000;

    /// <summary>Returns a warning about the first input that is not scaled; null if all seem to be scaled.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    public static TrainingWarning? Check(ModelDescription model, Batch batch)
    {
        if (ScalesItself(model))
            return null;
        for (var i = 0; i < model.Inputs.Length; i++)
        {
            var input = model.Inputs[i];
            if (input.Type == ColumnType.Float && Check(model, input, batch.Floats(i)) is { } warning)
                return warning;
        }

        return null;
    }

    /// <summary>Whether the first layer that computes anything is a normalization, so that the scale of inputs does not matter.</summary>
    private static bool ScalesItself(ModelDescription model)
    {
        foreach (var layer in model.Layers)
        {
            var kind = layer.Kind.Split('(')[0];
            if (kind.EndsWith("Norm", StringComparison.Ordinal))
                return true;
            if (kind is not ("Input" or "Flatten" or "Reshape" or "Pad"))
                return false;
        }

        return false;
    }

    private static TrainingWarning? Check(ModelDescription model, ColumnDescription input, ReadOnlySpan<float> values)
    {
        var (least, most, atLeast, atMost, whole) = (float.PositiveInfinity, float.NegativeInfinity, 0, 0, true);
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (value < least)
                (least, atLeast) = (value, i);
            if (value > most)
                (most, atMost) = (value, i);
            whole &= value == MathF.Truncate(value);
        }

        if (whole && least >= 0 && most is > GreatestSmallNumber and <= GreatestByte)
        {
            return new TrainingWarning(
                $"The values of '{input.Name}' of {model.Name} look like bytes: whole numbers up to {most}, as in sample {atMost / input.Length} of the first batch. "
                + "Networks learn badly from such values: multiply them by 1/255.");
        }

        var (largest, at) = most >= -least ? (most, atMost) : (least, atLeast);
        return MathF.Abs(largest) > GreatestValue && float.IsFinite(largest)
            ? new TrainingWarning(string.Create(CultureInfo.InvariantCulture,
                $"'{input.Name}' of {model.Name} has large values, such as {largest:G4} in sample {at / input.Length} of the first batch. ")
                + "Networks learn badly from such values: subtract the mean and divide by the standard deviation, or begin the model with BatchNorm.")
            : null;
    }
}
