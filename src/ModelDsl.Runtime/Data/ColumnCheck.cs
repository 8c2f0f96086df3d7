using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Compares columns by what matters to a kernel, their element type and values per sample, and says clearly what differs.</summary>
internal static class ColumnCheck
{
    /// <summary>Whether data with these columns can be used where those are expected.</summary>
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

    /// <summary>Columns in words, such as <c>'input' (float × 784), 'label' (int)</c>.</summary>
    public static string Describe(IEnumerable<ColumnDescription> columns) =>
        string.Join(", ", columns.Select(column =>
            $"'{column.Name}' ({(column.Type == ColumnType.Float ? "float" : "int")}{(column.Length == 1 ? "" : $" × {column.Length}")})"));
}
