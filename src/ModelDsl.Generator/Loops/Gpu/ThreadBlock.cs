using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Each thread multiplies quads of rows and columns into its own named sums.</summary>
internal sealed class ThreadBlock(ThreadTile tile, ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms)
    : ContractBlock(tile, shape, kernel, body, terms)
{
    private const int Quad = ContractTile.Quad;

    /// <summary>Names its statements use.</summary>
    public static readonly string[] Names =
    [
        "quadRow", "quadColumn", "threadRow", "threadColumn",
        .. from term in Enumerable.Range(0, 16) from quad in Enumerable.Range(0, 2) from side in new[] { "a", "b" } select $"{side}{term}{quad}",
        .. from i in Enumerable.Range(0, 8) from j in Enumerable.Range(0, 8) select $"sum{i}{j}",
    ];

    private readonly Variable[,] sums = new Variable[tile.Side, tile.Side];

    protected override void DeclareSums()
    {
        var columnThreads = tile.BlockColumns / tile.Side;
        Body.Add(new DeclareIndex("quadRow", (Index)ThreadGroups.Thread / columnThreads));
        Body.Add(new DeclareIndex("quadColumn", (Index)ThreadGroups.Thread % columnThreads));
        Body.Add(new DeclareIndex("threadRow", FirstRow + ((Index)"quadRow" * Quad)));
        Body.Add(new DeclareIndex("threadColumn", FirstColumn + ((Index)"quadColumn" * Quad)));
        foreach (var (i, j) in Places())
        {
            sums[i, j] = new Variable($"sum{i}{j}", false);
            Body.Add(new Declare(sums[i, j].Name, new Number(0), Mutable: true));
        }
    }

    protected override IEnumerable<Statement> Multiply(Index half)
    {
        for (var term = 0; term < tile.Slice; term++)
        {
            for (var quad = 0; quad < tile.Quads; quad++)
            {
                yield return Rows.Read($"a{term}{quad}", half, term, (Index)"quadRow" + (quad * tile.BlockRows / tile.Side));
                yield return Columns.Read($"b{term}{quad}", half, term, (Index)"quadColumn" + (quad * tile.BlockColumns / tile.Side));
            }

            foreach (var (i, j) in Places())
            {
                var product = new Operation(ScalarOp.Multiply, [new QuadLane($"a{term}{i / Quad}", i % Quad), new QuadLane($"b{term}{j / Quad}", j % Quad)]);
                yield return new Assign(sums[i, j].Name, new Operation(ScalarOp.Add, [sums[i, j], product]));
            }
        }
    }

    protected override IReadOnlyList<(Index Row, Index Column, Variable Sum)> Results() =>
        [.. Places().Select(place => ((Index)"threadRow" + At(place.I, tile.BlockRows), (Index)"threadColumn" + At(place.J, tile.BlockColumns), sums[place.I, place.J]))];

    /// <summary>Where a thread's row or column i lies behind its first.</summary>
    private int At(int i, int block) => (i / Quad * (block / tile.Quads)) + (i % Quad);

    private IEnumerable<(int I, int J)> Places() => from i in Enumerable.Range(0, tile.Side) from j in Enumerable.Range(0, tile.Side) select (i, j);
}
