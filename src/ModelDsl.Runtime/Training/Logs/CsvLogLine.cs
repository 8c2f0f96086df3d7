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

    /// <summary>Adds a field for each metric. It is empty if there is no value, as for metrics of outputs that training steps do not keep.</summary>
    public CsvLogLine Add(IReadOnlyList<MetricValue> values, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            MetricValue[] known = [.. values.Where(value => value.Name == name)];
            if (known.Length == 0)
                Skip(1);
            else
                Add(known[0].Value);
        }

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
