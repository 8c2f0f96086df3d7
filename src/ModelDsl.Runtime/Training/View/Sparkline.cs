namespace ModelDsl;

/// <summary>A series of numbers as a small curve of characters. When it is full, each two neighbors become their mean, so that it covers the whole run.</summary>
internal sealed class Sparkline
{
    private const int Capacity = 128;
    private const string Levels = "▁▂▃▄▅▆▇█";

    private readonly List<double> values = [];
    private int perValue = 1;
    private int pending;
    private double pendingSum;

    /// <summary>Adds a number. Numbers that are not finite are omitted.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
            return;
        pendingSum += value;
        if (++pending < perValue)
            return;
        values.Add(pendingSum / pending);
        (pending, pendingSum) = (0, 0);
        if (values.Count < Capacity)
            return;
        for (var i = 0; i < Capacity / 2; i++)
            values[i] = (values[2 * i] + values[(2 * i) + 1]) / 2;
        values.RemoveRange(Capacity / 2, Capacity / 2);
        perValue *= 2;
    }

    /// <summary>Returns the curve; empty if there are fewer than two numbers.</summary>
    /// <param name="width">The greatest number of characters.</param>
    public string Text(int width)
    {
        if (values.Count < 2 || width < 2)
            return "";
        var count = Math.Min(width, values.Count);
        Span<double> means = stackalloc double[count];
        for (var i = 0; i < count; i++)
        {
            var (from, to) = (i * values.Count / count, (i + 1) * values.Count / count);
            for (var at = from; at < to; at++)
                means[i] += values[at] / (to - from);
        }

        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var mean in means)
            (least, most) = (Math.Min(least, mean), Math.Max(most, mean));
        Span<char> text = stackalloc char[count];
        for (var i = 0; i < count; i++)
            text[i] = Levels[most > least ? (int)Math.Round((means[i] - least) / (most - least) * (Levels.Length - 1)) : 0];
        return new string(text);
    }
}
