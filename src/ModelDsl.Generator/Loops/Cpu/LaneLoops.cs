namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Loops over the elements of a row whose length is known, sixteen at a time.</summary>
internal static class LaneLoops
{
    /// <summary>The loops.</summary>
    /// <param name="column">The first of the elements.</param>
    /// <param name="width">The length of the row.</param>
    /// <param name="body">A statement for so many of them.</param>
    public static IReadOnlyList<Statement> Over(IndexVariable column, int width, Func<int, Statement> body)
    {
        var whole = width / Value.Lanes * Value.Lanes;
        Loop Part(int start, int end, int lanes) => new(column, start, end, Value.Lanes, [body(lanes)]);
        return [.. whole > 0 ? [Part(0, whole, Value.Lanes)] : Array.Empty<Statement>(), .. whole < width ? [Part(whole, width, width - whole)] : Array.Empty<Statement>()];
    }
}
