using System.Globalization;
using System.Text;

namespace ModelDsl.Training.Logs;

/// <summary>A line of a CSV file, in memory that is reused.</summary>
internal sealed class CsvLogLine
{
    private readonly StringBuilder text = new();

    /// <summary>The line with its end.</summary>
    public StringBuilder Text => text;

    /// <summary>Begins a line.</summary>
    /// <param name="first">The first field.</param>
    public CsvLogLine Begin(string first)
    {
        text.Clear().Append(Quote(first));
        return this;
    }

    public CsvLogLine Add(long value)
    {
        text.Append(CultureInfo.InvariantCulture, $",{value}");
        return this;
    }

    public CsvLogLine Add(double value)
    {
        text.Append(CultureInfo.InvariantCulture, $",{value:R}");
        return this;
    }

    public CsvLogLine Add(string value)
    {
        text.Append(',').Append(Quote(value));
        return this;
    }

    public CsvLogLine Add(IReadOnlyList<MetricValue> values)
    {
        for (var i = 0; i < values.Count; i++)
            Add(values[i].Value);
        return this;
    }

    /// <summary>Adds empty fields.</summary>
    public CsvLogLine Skip(int fields)
    {
        text.Append(',', fields);
        return this;
    }

    private static string Quote(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
