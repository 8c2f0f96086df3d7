namespace ModelDsl.Generator.Loops;

/// <summary>
/// What becomes of the sums of a register tile, as functions that the template of the tile calls. All epilogues have the same parameters: operands, results, the integers of
/// <see cref="Integers"/> and those of the function. So tiles whose epilogues differ are instances of one template.
/// </summary>
/// <param name="Store">The function for sixteen sums of a row. Its number is the vector of sums.</param>
/// <param name="Finish">The function that is called when all sums are stored; null if there is none.</param>
/// <param name="Operands">The operands.</param>
/// <param name="Results">The results.</param>
internal sealed record Epilogue(FunctionTemplate Store, FunctionTemplate? Finish, IReadOnlyList<Buffer> Operands, IReadOnlyList<Buffer> Results)
{
    // Most epilogues have at most so many operands and results. Those that have more share no tile with the others.
    private const int MostOperands = 3;
    private const int MostResults = 2;

    /// <summary>The parameter for the index of the tile's first row.</summary>
    public static IndexVariable Row { get; } = new("row");

    /// <summary>The parameter for the index of the tile's first column.</summary>
    public static IndexVariable Column { get; } = new("column");

    /// <summary>The integers that each function of an epilogue receives first.</summary>
    public static IReadOnlyList<IndexVariable> Integers { get; } = [KernelBuilder.BatchSize, Row, Column];

    /// <summary>The parameter of <see cref="Store"/> for the row in the tile.</summary>
    public static IndexVariable AtRow { get; } = new("atRow");

    /// <summary>The parameter of <see cref="Store"/> for the position of a range. Without a range, it is the number of the panel in the tile.</summary>
    public static IndexVariable AtInner { get; } = new("atInner");

    /// <summary>The parameter of <see cref="Store"/> for the first column in the panel.</summary>
    public static IndexVariable AtColumn { get; } = new("atColumn");

    /// <summary>The parameters of <see cref="Finish"/> for the numbers of rows, of positions or panels, and of columns of a panel.</summary>
    public static IReadOnlyList<IndexVariable> Extents { get; } = [new("rows"), new("inners"), new("columns")];

    /// <summary>The sizes that the functions refer to.</summary>
    public IEnumerable<FunctionSize> Sizes => Finish is null ? Store.Sizes : Store.Sizes.Concat(Finish.Sizes).Distinct();

    /// <summary>The function that tiles call at their end. It does nothing if there is no <see cref="Finish"/>.</summary>
    public Function FinishCall => Finish?.Function ?? Store.Function with { Name = "Finish", Numbers = [], Integers = [.. Integers, .. Extents], Body = [] };

    /// <summary>The functions.</summary>
    public IEnumerable<Function> Functions => Finish is null ? [Store.Function] : [Store.Function, Finish.Function];

    /// <summary>For each operand and result that all epilogues with the same parameters have: its name, and the buffer; null if this epilogue does not have it.</summary>
    public IReadOnlyList<(string Name, Buffer? Buffer)> Parameters => [.. Padded("operand", Operands, MostOperands), .. Padded("result", Results, MostResults)];

    private static IEnumerable<(string Name, Buffer? Buffer)> Padded(string role, IReadOnlyList<Buffer> buffers, int least) =>
        Enumerable.Range(0, Math.Max(buffers.Count, least)).Select(number => (number == 0 ? role : $"{role}{number + 1}", number < buffers.Count ? buffers[number] : null));
}
