using System.Globalization;
using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Compares columns by element type and number of values per sample, which is what kernels depend on, and describes the differences.</summary>
internal static class ColumnCheck
{
    /// <summary>Whether data with the actual columns can be used where the expected columns are required.</summary>
    public static bool Fit(IReadOnlyList<ColumnDescription> expected, IReadOnlyList<ColumnDescription> actual)
    {
        if (ReferenceEquals(expected, actual))
            return true;
        if (expected.Count != actual.Count)
            return false;
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i].Type != actual[i].Type || expected[i].Length != actual[i].Length)
                return false;
        }

        return true;
    }

    /// <summary>Throws unless the columns fit.</summary>
    public static void Same(IReadOnlyList<ColumnDescription> expected, IReadOnlyList<ColumnDescription> actual, string parameter)
    {
        if (!Fit(expected, actual))
            throw new ArgumentException($"The data has the columns {Describe(expected)}; the batch has {Describe(actual)}.", parameter);
    }

    /// <summary>
    /// Returns what to do if each column of the data has the same fraction of the values per sample that the model requires. This happens when the number of
    /// targets or labels per sample is not given. Empty if that is not the mistake.
    /// </summary>
    /// <param name="expected">The model's columns.</param>
    /// <param name="actual">The columns of the data.</param>
    /// <param name="samples">The number of samples, if it is known.</param>
    public static string LengthHint(IReadOnlyList<ColumnDescription> expected, IReadOnlyList<ColumnDescription> actual, int? samples)
    {
        if (expected.Count != actual.Count || expected.Count < 2 || expected[0].Length <= actual[0].Length)
            return "";
        var parts = expected[0].Length / actual[0].Length;
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i].Type != actual[i].Type || (long)actual[i].Length * parts != expected[i].Length)
                return "";
        }

        var (wanted, given) = (expected[^1], actual[^1]);
        var (word, argument) = wanted.Type == ColumnType.Float ? ("targets", "targetLength") : ("labels", "labelLength");
        var makes = samples is not { } count ? "."
            : count % parts == 0 ? string.Create(CultureInfo.InvariantCulture, $": that makes {count / parts:N0} samples instead of {count:N0}.")
            : string.Create(CultureInfo.InvariantCulture, $"; but {count:N0} times {given.Length} values do not divide by {wanted.Length}, so check the arrays too.");
        return $" A sample of the data has {actual[0].Length} of '{actual[0].Name}' and {given.Length} of '{given.Name}' where the model takes {expected[0].Length} and {wanted.Length}:"
            + $" Dataset.FromArrays takes {(given.Length == 1 ? "each value" : $"every {given.Length} values")} of the {word} for a sample unless it is told otherwise. Say {argument}: {wanted.Length}{makes}";
    }

    /// <summary>Returns what to do if only the weights of the samples are missing; empty if that is not the mistake.</summary>
    /// <param name="expected">The model's columns.</param>
    /// <param name="actual">The columns of the data.</param>
    public static string WeightHint(IReadOnlyList<ColumnDescription> expected, IReadOnlyList<ColumnDescription> actual) =>
        expected.Count == actual.Count + 1 && expected[^1].IsWeight
            ? $" The loss uses weights of samples, so each sample needs one in the column '{expected[^1].Name}': add {(expected[^1].Length == 1 ? "it with data.WithWeights(weights), or" : $"{expected[^1].Length} values for each sample")} as the last column."
            : "";

    /// <summary>Describes columns, such as <c>'input' (float × 784), 'label' (int)</c>.</summary>
    public static string Describe(IEnumerable<ColumnDescription> columns) =>
        string.Join(", ", columns.Select(column =>
            $"'{column.Name}' ({(column.Type == ColumnType.Float ? "float" : "int")}{(column.Length == 1 ? "" : $" × {column.Length}")})"));
}
