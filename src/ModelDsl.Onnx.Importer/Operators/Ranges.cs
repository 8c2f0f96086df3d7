namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Ranges of an axis.</summary>
internal static class Ranges
{
    /// <summary>Returns the indices from a start to an end, both counted from the end if they are negative, and limited to the axis.</summary>
    public static IEnumerable<long> Indices(Node node, long size, long start, long end, long step)
    {
        node.Check(step != 0, "a step is 0.");
        var (first, last) = step > 0
            ? (Math.Clamp(Counted(start), 0, size), Math.Clamp(Counted(end), 0, size))
            : (Math.Clamp(Counted(start), 0, size - 1), Math.Clamp(Counted(end), -1, size - 1));
        var count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step;
        return Of(first, step, Math.Max(0, count));

        long Counted(long index) => index < 0 ? Math.Max(index, -size - 1) + size : index;
    }

    private static IEnumerable<long> Of(long first, long step, long count)
    {
        for (var i = 0L; i < count; i++) yield return first + (i * step);
    }
}
