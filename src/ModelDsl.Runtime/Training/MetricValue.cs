namespace ModelDsl;

/// <summary>The value of a metric.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Value">The metric's value.</param>
/// <param name="HigherIsBetter">Whether greater values are better.</param>
public readonly record struct MetricValue(string Name, double Value, bool HigherIsBetter = true);

/// <summary>Finds metrics by name.</summary>
internal static class MetricValues
{
    public static double Get(IReadOnlyList<MetricValue> values, string name)
    {
        foreach (var value in values)
        {
            if (value.Name == name)
                return value.Value;
        }

        var known = values.Count == 0 ? "there are no metrics" : $"there is {string.Join(", ", values.Select(value => $"'{value.Name}'"))}";
        throw new ArgumentException($"There is no metric '{name}'; {known}.", nameof(name));
    }
}
