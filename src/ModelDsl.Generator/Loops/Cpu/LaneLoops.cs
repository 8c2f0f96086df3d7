namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Writes loops over the elements of a row of known length, sixteen at a time.</summary>
internal static class LaneLoops
{
    /// <summary>Writes the loops.</summary>
    /// <param name="column">The first element.</param>
    /// <param name="width">The length of the row.</param>
    /// <param name="body">Returns the statement for a number of elements.</param>
    public static IReadOnlyList<Statement> Over(IndexVariable column, int width, Func<int, Statement> body)
    {
        var whole = width / Value.Lanes * Value.Lanes;
        Loop Part(int start, int end, int lanes) => new(column, start, end, Value.Lanes, [body(lanes)]);
        return [.. whole > 0 ? [Part(0, whole, Value.Lanes)] : Array.Empty<Statement>(), .. whole < width ? [Part(whole, width, width - whole)] : Array.Empty<Statement>()];
    }
}
