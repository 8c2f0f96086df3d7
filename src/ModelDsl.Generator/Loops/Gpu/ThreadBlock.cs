using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Each thread multiplies quads of rows and columns and adds the products to its own named sums.</summary>
internal sealed class ThreadBlock(ThreadTile tile, ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms)
    : ContractBlock(tile, shape, kernel, body, terms)
{
    private const int QuadSize = BlockTile.QuadSize;

    /// <summary>The names that its statements use.</summary>
    public static readonly string[] Names =
    [
        "quadRow", "quadColumn", "rowsAt", "columnsAt", "threadRow", "threadColumn", "threadQuad",
        .. from term in Enumerable.Range(0, 16) from quad in Enumerable.Range(0, 2) from side in new[] { "a", "b" } select $"{side}{term}{quad}",
        .. from i in Enumerable.Range(0, 8) from j in Enumerable.Range(0, 8) select $"sum{i}{j}",
    ];

    private readonly bool isInQuads = shape.IsInQuads;
    private readonly RegisterTile sums = new("sum", tile.Side, tile.Side, isVector: false);
    private readonly IndexVariable quadRow = new("quadRow");
    private readonly IndexVariable quadColumn = new("quadColumn");
    private readonly IndexVariable threadRow = new("threadRow");

    /// <summary>The thread's first column, or its first quad of columns.</summary>
    private readonly IndexVariable threadColumn = new(shape.IsInQuads ? "threadQuad" : "threadColumn");

    protected override void DeclareSums()
    {
        var columnThreads = tile.BlockColumns / tile.Side;
        Body.Add(new DeclareIndex(quadRow, ThreadGroups.Thread / columnThreads));
        Body.Add(new DeclareIndex(quadColumn, ThreadGroups.Thread % columnThreads));
        Body.Add(new DeclareIndex(threadRow, FirstRow + (quadRow * QuadSize)));
        var column = FirstColumn + (quadColumn * QuadSize);
        Body.Add(new DeclareIndex(threadColumn, isInQuads ? column.DividedBy(QuadSize)! : column));
        Body.Add(new DeclareTile(sums, new Number(0), []));
    }

    protected override IEnumerable<Statement> Multiply(Index half)
    {
        var (rows, columns) = (new IndexVariable("rowsAt"), new IndexVariable("columnsAt"));
        yield return new DeclareIndex(rows, Rows.StartOf(half) + quadRow);
        yield return new DeclareIndex(columns, Columns.StartOf(half) + quadColumn);
        for (var term = 0; term < tile.Slice; term++)
        {
            var (a, b) = (new Quad[tile.Quads], new Quad[tile.Quads]);
            for (var quad = 0; quad < tile.Quads; quad++)
            {
                (a[quad], b[quad]) = (new Quad($"a{term}{quad}"), new Quad($"b{term}{quad}"));
                yield return Rows.Read(a[quad], rows, term, (Index)(quad * tile.BlockRows / tile.Side));
                yield return Columns.Read(b[quad], columns, term, (Index)(quad * tile.BlockColumns / tile.Side));
            }

            foreach (var (i, j) in Elements())
            {
                var product = new Operation(ScalarOp.Multiply, [new QuadLane(a[i / QuadSize], i % QuadSize), new QuadLane(b[j / QuadSize], j % QuadSize)]);
                yield return new Assign(sums[i, j], new Operation(ScalarOp.Add, [sums[i, j], product]));
            }
        }
    }

    protected override IReadOnlyList<FinishedSums> Results() => isInQuads
        ? [.. from i in Enumerable.Range(0, tile.Side)
              from quad in Enumerable.Range(0, tile.Quads)
              let first = quad * QuadSize
              select new FinishedSums(threadRow + At(i, tile.BlockRows), threadColumn + (At(first, tile.BlockColumns) / QuadSize), [.. Enumerable.Range(first, QuadSize).Select(j => sums[i, j])])]
        : [.. Elements().Select(at => new FinishedSums(threadRow + At(at.I, tile.BlockRows), threadColumn + At(at.J, tile.BlockColumns), [sums[at.I, at.J]]))];

    /// <summary>The distance of a thread's row or column i from its first.</summary>
    private int At(int i, int block) => (i / QuadSize * (block / tile.Quads)) + (i % QuadSize);

    private IEnumerable<(int I, int J)> Elements() => from i in Enumerable.Range(0, tile.Side) from j in Enumerable.Range(0, tile.Side) select (i, j);
}
