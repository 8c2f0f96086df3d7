using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// The sums of a block: slices of both operands go through shared memory, and each thread multiplies from there into its named sums while the next
/// slices are loaded.
/// </summary>
internal sealed class ContractBlock
{
    private const int Quad = ContractTile.Quad;
    private const string Slice = "slice";
    private const string Slices = "slices";

    /// <summary>Names its statements use beside those the kernel makes up.</summary>
    public static readonly string[] Reserved =
    [
        "sum", "k", Slice, Slices, RowBlock, ColumnBlock, "quadRow", "quadColumn", "threadRow", "threadColumn",
        .. from turn in Enumerable.Range(0, 4) from quad in Enumerable.Range(0, 2) from side in new[] { "a", "b" } select $"{side}{turn}{quad}",
        .. from i in Enumerable.Range(0, 8) from j in Enumerable.Range(0, 8) select $"sum{i}{j}",
    ];

    private readonly ContractShape shape;
    private readonly List<Statement> body;
    private readonly ContractTerms terms;
    private readonly SliceCopy rows;
    private readonly SliceCopy columns;
    private readonly Variable[,] sums;

    public ContractBlock(ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms)
    {
        (this.shape, this.body, this.terms) = (shape, body, terms);
        rows = new SliceCopy(shape, kernel, shape.A, shape.Rows, FirstRow, Tile.BlockRows, terms, "rowsShared");
        columns = new SliceCopy(shape, kernel, shape.B, shape.Columns, FirstColumn, Tile.BlockColumns, terms, "columnsShared");
        sums = new Variable[Tile.Side, Tile.Side];
    }

    /// <summary>The name of the number of the block's rows among all, which is declared before.</summary>
    public const string RowBlock = "rowBlock";

    /// <summary>The same of its columns.</summary>
    public const string ColumnBlock = "columnBlock";

    /// <summary>The finished sums with their places.</summary>
    public IEnumerable<(Index Row, Index Column, Variable Sum)> Results =>
        from i in Enumerable.Range(0, Tile.Side)
        from j in Enumerable.Range(0, Tile.Side)
        select ((Index)"threadRow" + Place(i, Tile.BlockRows), (Index)"threadColumn" + Place(j, Tile.BlockColumns), sums[i, j]);

    private ContractTile Tile => shape.Tile;

    private Index FirstRow => (Index)RowBlock * Tile.BlockRows;

    private Index FirstColumn => (Index)ColumnBlock * Tile.BlockColumns;

    /// <summary>Sums the terms.</summary>
    public void Sum()
    {
        rows.Declare(body);
        columns.Declare(body);
        DeclareSums();
        var slices = Index.CeilingDivide(terms.To - terms.From, Tile.Slice);
        if (slices.Literal is null)
        {
            body.Add(new DeclareIndex(Slices, slices));
            slices = Slices;
        }

        Store(body, 0, Load(body, 0, null));
        body.Add(new GroupBarrier());
        if (slices.Literal == 1)
        {
            body.Add(Multiply(0));
            return;
        }

        var next = (Index)Slice + 1;
        var turn = new List<Statement>();
        var loaded = Load(turn, next, Condition.Less(next, slices));
        turn.Add(Multiply((Index)Slice % 2));
        Store(turn, next % 2, loaded);
        turn.Add(new GroupBarrier());
        body.Add(new Loop(Slice, 0, slices, 1, turn));

        Action<List<Statement>, Index>[] Load(List<Statement> statements, Index slice, Condition? exists) =>
            [rows.Load(statements, slice, exists), columns.Load(statements, slice, exists)];

        static void Store(List<Statement> statements, Index half, Action<List<Statement>, Index>[] stores)
        {
            foreach (var store in stores) store(statements, half);
        }
    }

    private void DeclareSums()
    {
        var columnThreads = Tile.BlockColumns / Tile.Side;
        body.Add(new DeclareIndex("quadRow", (Index)ThreadGroups.Thread / columnThreads));
        body.Add(new DeclareIndex("quadColumn", (Index)ThreadGroups.Thread % columnThreads));
        body.Add(new DeclareIndex("threadRow", FirstRow + ((Index)"quadRow" * Quad)));
        body.Add(new DeclareIndex("threadColumn", FirstColumn + ((Index)"quadColumn" * Quad)));
        for (var i = 0; i < Tile.Side; i++)
        {
            for (var j = 0; j < Tile.Side; j++)
            {
                sums[i, j] = new Variable($"sum{i}{j}", false);
                body.Add(new Declare(sums[i, j].Name, new Number(0), Mutable: true));
            }
        }
    }

    /// <summary>Where a thread's row or column i lies behind its first.</summary>
    private int Place(int i, int block) => (i / Quad * (block / Tile.Quads)) + (i % Quad);

    /// <summary>Adds the products of a slice.</summary>
    private Loop Multiply(Index half)
    {
        var statements = new List<Statement>();
        for (var turn = 0; turn < Tile.Unrolled; turn++)
        {
            for (var quad = 0; quad < Tile.Quads; quad++)
            {
                statements.Add(rows.Read($"a{turn}{quad}", half, (Index)"k" + turn, (Index)"quadRow" + (quad * Tile.BlockRows / Tile.Side)));
                statements.Add(columns.Read($"b{turn}{quad}", half, (Index)"k" + turn, (Index)"quadColumn" + (quad * Tile.BlockColumns / Tile.Side)));
            }

            foreach (var (i, j) in from i in Enumerable.Range(0, Tile.Side) from j in Enumerable.Range(0, Tile.Side) select (i, j))
            {
                var product = new Operation(ScalarOp.Multiply, [new QuadLane($"a{turn}{i / Quad}", i % Quad), new QuadLane($"b{turn}{j / Quad}", j % Quad)]);
                statements.Add(new Assign(sums[i, j].Name, new Operation(ScalarOp.Add, [sums[i, j], product])));
            }
        }

        return new Loop("k", 0, Tile.Slice, Tile.Unrolled, statements);
    }
}

/// <summary>The terms of the sums of a block.</summary>
/// <param name="From">The first.</param>
/// <param name="To">Behind the last.</param>
/// <param name="Outer">The name of the index of what is outside of the product.</param>
internal sealed record ContractTerms(Index From, Index To, string Outer);
