namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Warps multiply fragments of 16 × 8 rows and 8 × 8 columns. NVIDIA defines which register of which lane holds an element. With lane = 4·g + t, a lane holds A[g, t], A[g + 8,
/// t], A[g, t + 4], A[g + 8, t + 4], B[t, g], B[t + 4, g], and of the sums [g, 2t], [g, 2t + 1], [g + 8, 2t], [g + 8, 2t + 1].
/// </summary>
internal sealed class WarpBlock(WarpTile tile, ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms)
    : ContractBlock(tile, shape, kernel, body, terms)
{
    private const int FragmentRows = 16;
    private const int FragmentColumns = 8;
    private const int FragmentTerms = 8;
    private const int SumsOfFragment = 4;
    private const int ColumnFragments = WarpTile.WarpColumns / FragmentColumns;

    /// <summary>The names that its statements use.</summary>
    public static readonly string[] Names = ["lane", "laneGroup", "laneTerm", "warp", "warpRow", "warpColumn", .. Enumerable.Range(0, 64).Select(i => $"sum{i}")];

    private readonly MatrixTile sums = new("matrixSum", tile.WarpRows / FragmentRows * ColumnFragments * SumsOfFragment);
    private readonly IndexVariable laneGroup = new("laneGroup");
    private readonly IndexVariable laneTerm = new("laneTerm");
    private readonly IndexVariable warpRow = new("warpRow");
    private readonly IndexVariable warpColumn = new("warpColumn");

    private int RowFragments => tile.WarpRows / FragmentRows;

    protected override void DeclareSums()
    {
        var across = tile.BlockColumns / WarpTile.WarpColumns;
        var (lane, warp) = (new IndexVariable("lane"), new IndexVariable("warp"));
        Body.Add(new DeclareIndex(lane, ThreadGroups.Thread % WarpTile.Warp));
        Body.Add(new DeclareIndex(warp, ThreadGroups.Thread / WarpTile.Warp));
        Body.Add(new DeclareIndex(laneGroup, lane / 4));
        Body.Add(new DeclareIndex(laneTerm, lane % 4));
        Body.Add(new DeclareIndex(warpRow, (warp / across * tile.WarpRows) + laneGroup));
        Body.Add(new DeclareIndex(warpColumn, warp % across * WarpTile.WarpColumns));
        Rows.DeclareBits(Body);
        Columns.DeclareBits(Body);
        Body.Add(new DeclareMatrixTile(sums));
    }

    protected override IEnumerable<Statement> Multiply(Index half)
    {
        var statements = new List<Statement>();
        for (var first = 0; first < tile.Slice; first += FragmentTerms)
        {
            var rows = Enumerable.Range(0, RowFragments).Select(fragment => Fragment(
                Rows, $"a{first}Of{fragment}", 4, i => laneTerm + (first + (i / 2 * 4)), i => warpRow + ((fragment * FragmentRows) + (i % 2 * 8)))).ToArray();
            var columns = Enumerable.Range(0, ColumnFragments).Select(fragment => Fragment(
                Columns, $"b{first}Of{fragment}", 2, i => laneTerm + (first + (i * 4)), _ => warpColumn + laneGroup + (fragment * FragmentColumns))).ToArray();
            statements.AddRange(Fragments().Select(at => new MultiplyMatrices(sums, First(at.I, at.J), rows[at.I], columns[at.J])));
        }

        return statements;

        IndexVariable[] Fragment(SliceCopy operand, string name, int registers, Func<int, Index> term, Func<int, Index> position) =>
        [
            .. Enumerable.Range(0, registers).Select(i =>
            {
                var element = new IndexVariable($"{name}At{i}");
                statements.Add(operand.ReadBits(element, half, term(i), position(i)));
                return element;
            }),
        ];
    }

    protected override IReadOnlyList<FinishedSums> Results()
    {
        var results = Enumerable.Range(0, sums.Count).Select(i => new Variable($"sum{i}", false)).ToArray();
        Body.AddRange(results.Select((result, i) => new ReadMatrixTile(result, sums, i)));
        return
        [
            .. from fragment in Fragments()
               from i in Enumerable.Range(0, SumsOfFragment)
               let row = FirstRow + warpRow + ((fragment.I * FragmentRows) + (i / 2 * 8))
               let column = FirstColumn + warpColumn + (laneTerm * 2) + ((fragment.J * FragmentColumns) + (i % 2))
               select new FinishedSums(row, column, [results[First(fragment.I, fragment.J) + i]]),
        ];
    }

    private static int First(int i, int j) => ((i * ColumnFragments) + j) * SumsOfFragment;

    private IEnumerable<(int I, int J)> Fragments() =>
        from i in Enumerable.Range(0, RowFragments) from j in Enumerable.Range(0, ColumnFragments) select (i, j);
}
