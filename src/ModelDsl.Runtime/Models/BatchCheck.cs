using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using ModelDsl.Compiled;

namespace ModelDsl.Models;

/// <summary>Checks batches from users. Kernels do not check their inputs.</summary>
internal static class BatchCheck
{
    /// <summary>Checks that a batch has the columns of a model, and that its ids and the targets of cross-entropies are in range.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="withTargets">Whether targets are required; otherwise the columns after the inputs are ignored.</param>
    /// <exception cref="ArgumentException">The batch has other columns, or a value is out of range.</exception>
    public static void Check(ModelDescription model, Batch batch, bool withTargets)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var inputs = model.Inputs;
        var targets = withTargets ? model.Targets : [];
        var columns = batch.Columns;
        var fits = withTargets ? columns.Count == inputs.Length + targets.Length : columns.Count >= inputs.Length;
        for (var i = 0; fits && i < inputs.Length + targets.Length; i++)
        {
            var expected = i < inputs.Length ? inputs[i] : targets[i - inputs.Length];
            fits = columns[i].Type == expected.Type && columns[i].Length == expected.Length;
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"{model.Name} takes batches of {Describe([.. inputs, .. targets])}, but this batch has {Describe([.. columns])}.{ColumnCheck.LengthHint([.. inputs, .. targets], columns, samples: null)}{ColumnCheck.WeightHint([.. inputs, .. targets], columns)}", nameof(batch));
        }

        if (batch.Count == 0)
            throw new ArgumentException($"The batch for {model.Name} has no samples: set its Count and fill its columns first.", nameof(batch));

        for (var i = 0; i < inputs.Length + targets.Length; i++)
        {
            var column = i < inputs.Length ? inputs[i] : targets[i - inputs.Length];
            if (column.Type == ColumnType.Int && column.Bound > 0)
                CheckIds(model, column, batch.Ints(i));
            if (column.Type == ColumnType.Float && withTargets)
                CheckProbabilities(model, column, batch.Floats(i));
            if ((column.IsWeight || column.HasWeights) && withTargets)
                CheckWeights(model, column, batch.Floats(i));
        }
    }

    /// <summary>Checks that the weights of samples are finite and not negative.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite.</exception>
    private static void CheckWeights(ModelDescription model, ColumnDescription column, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && values[i] < float.PositiveInfinity))
            {
                throw new ArgumentException(
                    $"'{column.Name}' of {model.Name} takes the weights of samples, which are finite and not negative; sample {i / column.Length}{Position(column, i)} has {values[i].ToString(CultureInfo.InvariantCulture)}.", nameof(values));
            }
        }
    }

    /// <summary>Checks that the elements that cross-entropies compare with are probabilities.</summary>
    /// <exception cref="ArgumentException">An element is not a probability.</exception>
    private static void CheckProbabilities(ModelDescription model, ColumnDescription column, ReadOnlySpan<float> values)
    {
        foreach (var compared in column.Compared)
        {
            var at = NoProbability(values, compared);
            if (at < 0)
                continue;
            throw new ArgumentException(
                $"'{column.Name}' of {model.Name} takes the probabilities of {compared.Loss}, from 0 to 1; sample {at / column.Length}"
                + $"{Position(column, at)} has {values[at].ToString(CultureInfo.InvariantCulture)}.", nameof(values));
        }
    }

    /// <summary>Returns the index of the first compared element that is not a probability, or −1.</summary>
    private static int NoProbability(ReadOnlySpan<float> values, ComparedElements compared)
    {
        if (compared.Period == 0)
            return NoProbability(values);
        for (var start = compared.Start; start < values.Length; start += compared.Period)
        {
            var at = NoProbability(values.Slice(start, compared.Count));
            if (at >= 0)
                return start + at;
        }

        return -1;
    }

    /// <summary>Returns the index of the first value that is outside [0, 1] by more than rounding errors, or −1.</summary>
    private static int NoProbability(ReadOnlySpan<float> values)
    {
        const float Rounding = 1e-5f;
        var (least, most) = (new Vector<float>(-Rounding), new Vector<float>(1 + Rounding));
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            // The comparisons are written so that NaN is outside too.
            var value = new Vector<float>(values[i..]);
            if ((Vector.GreaterThanOrEqual(value, least) & Vector.LessThanOrEqual(value, most)) != Vector<int>.AllBitsSet)
                break;
        }

        for (; i < values.Length; i++)
        {
            if (!(values[i] >= -Rounding && values[i] <= 1 + Rounding))
                return i;
        }

        return -1;
    }

    /// <summary>Checks that a batch is large enough to train on.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <exception cref="ArgumentException">The batch is too small.</exception>
    public static void CheckTraining(ModelDescription model, Batch batch)
    {
        if (batch.Count > 1 || model.NeedsTwoSamples is not { } layer)
            return;
        throw new ArgumentException(
            $"'{layer}' of {model.Name} needs more than one value per channel in training, but this batch has one sample with one value each: " +
            "train on larger batches, and leave out a last one that is too small.",
            nameof(batch));
    }

    /// <summary>Checks that ids are in range.</summary>
    /// <param name="model">The model.</param>
    /// <param name="column">The column.</param>
    /// <param name="values">The values of the column for all samples, in the order of the samples.</param>
    /// <exception cref="ArgumentException">An id is out of range.</exception>
    public static void CheckIds(ModelDescription model, ColumnDescription column, ReadOnlySpan<int> values)
    {
        var at = IndexOutOfRange(values, column.Bound, column.Ignored ?? 0);
        if (at >= 0)
            throw new ArgumentException(OutOfRange(model, column, at, values[at]), nameof(values));
    }

    // A separate method, because the closure of its lambda would be allocated at the start of the method, and the check must not allocate.
    private static string OutOfRange(ModelDescription model, ColumnDescription column, int at, int value)
    {
        var compared = Array.Find(column.Compared, elements => elements.Contains(at % column.Length));
        return $"'{column.Name}' of {model.Name} takes {(compared is null ? "values" : $"the classes of {compared.Loss},")} from 0 to {column.Bound - 1}"
            + $"{(column.Ignored is { } ignored ? $", and {ignored} for none" : "")}; sample {at / column.Length}{Position(column, at)} has {value}."
            + (value >= column.Bound && Array.IndexOf(model.Inputs, column) >= 0 ? " Make the ids with the tokenizer of the model, or give the model as many ids as its tokenizer has." : "");
    }

    /// <param name="values">The values.</param>
    /// <param name="bound">The exclusive upper bound.</param>
    /// <param name="allowed">Another value that is allowed; if there is none, any value below the bound.</param>
    private static int IndexOutOfRange(ReadOnlySpan<int> values, int bound, int allowed)
    {
        // As unsigned numbers, negative ones are greater than the bound.
        var unsigned = MemoryMarshal.Cast<int, uint>(values);
        var (limit, exception) = (new Vector<uint>((uint)bound), new Vector<uint>((uint)allowed));
        var i = 0;
        for (; i <= unsigned.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            var ids = new Vector<uint>(unsigned[i..]);
            if (Vector.AndNot(Vector.GreaterThanOrEqual(ids, limit), Vector.Equals(ids, exception)) != Vector<uint>.Zero)
                break;
        }

        for (; i < unsigned.Length; i++)
        {
            if (unsigned[i] >= (uint)bound && values[i] != allowed)
                return i;
        }

        return -1;
    }

    private static string Position(ColumnDescription column, int at) => column.Length == 1 ? "" : $", position {at % column.Length}";

    private static string Describe(ReadOnlySpan<ColumnDescription> columns)
    {
        var parts = new List<string>();
        foreach (var column in columns)
            parts.Add($"'{column.Name}' ({column.Length} {(column.Type == ColumnType.Float ? "float" : "int")}{(column.Length == 1 ? "" : "s")} per sample)");
        return string.Join(" and ", parts);
    }
}
