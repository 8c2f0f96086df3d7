namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// The sums of a block: slices of both operands go through shared memory, and the threads multiply from there while the next slices are loaded.
/// </summary>
internal abstract class ContractBlock
{
    private const string Slice = "slice";
    private const string Slices = "slices";

    /// <summary>The name of the number of the block's rows among all, which is declared before.</summary>
    public const string RowBlock = "rowBlock";

    /// <summary>The same of its columns.</summary>
    public const string ColumnBlock = "columnBlock";

    /// <summary>Names its statements use beside those the kernel makes up.</summary>
    public static readonly string[] Reserved = ["sum", Slice, Slices, RowBlock, ColumnBlock, .. ThreadBlock.Names, .. WarpBlock.Names];

    private readonly ContractTile tile;
    private readonly ContractTerms terms;

    protected ContractBlock(ContractTile tile, ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms)
    {
        (this.tile, Body, this.terms) = (tile, body, terms);
        Rows = new SliceCopy(shape, kernel, shape.A, shape.Rows, FirstRow, tile.BlockRows, terms, "rowsShared");
        Columns = new SliceCopy(shape, kernel, shape.B, shape.Columns, FirstColumn, tile.BlockColumns, terms, "columnsShared");
    }

    protected List<Statement> Body { get; }

    protected SliceCopy Rows { get; }

    protected SliceCopy Columns { get; }

    protected Index FirstRow => (Index)RowBlock * tile.BlockRows;

    protected Index FirstColumn => (Index)ColumnBlock * tile.BlockColumns;

    /// <summary>Sums the terms, and hands back the finished sums with their places.</summary>
    public IReadOnlyList<(Index Row, Index Column, Variable Sum)> Sum()
    {
        Rows.Declare(Body);
        Columns.Declare(Body);
        DeclareSums();
        var slices = Index.CeilingDivide(terms.To - terms.From, tile.Slice);
        if (slices.Literal is null)
        {
            Body.Add(new DeclareIndex(Slices, slices));
            slices = Slices;
        }

        Store(Body, 0, Load(Body, 0, null));
        Body.Add(new GroupBarrier());
        if (slices.Literal == 1)
        {
            Body.AddRange(Multiply(0));
            return Results();
        }

        var next = (Index)Slice + 1;
        var turn = new List<Statement>();
        var loaded = Load(turn, next, Condition.Less(next, slices));
        turn.AddRange(Multiply((Index)Slice % 2));
        Store(turn, next % 2, loaded);
        turn.Add(new GroupBarrier());
        Body.Add(new Loop(Slice, 0, slices, 1, turn));
        return Results();

        Action<List<Statement>, Index>[] Load(List<Statement> statements, Index slice, Condition? exists) =>
            [Rows.Load(statements, slice, exists), Columns.Load(statements, slice, exists)];

        static void Store(List<Statement> statements, Index half, Action<List<Statement>, Index>[] stores)
        {
            foreach (var store in stores) store(statements, half);
        }
    }

    /// <summary>Declares the sums, and where the thread's part of them lies.</summary>
    protected abstract void DeclareSums();

    /// <summary>
    /// Adds the products of a slice, term after term. They are written out: around a loop over terms, the device's compiler would copy all sums once per slice.
    /// </summary>
    /// <param name="half">In which half of shared memory it stands.</param>
    protected abstract IEnumerable<Statement> Multiply(Index half);

    /// <summary>The finished sums with their places.</summary>
    protected abstract IReadOnlyList<(Index Row, Index Column, Variable Sum)> Results();
}

/// <summary>The terms of the sums of a block.</summary>
/// <param name="From">The first.</param>
/// <param name="To">Behind the last.</param>
/// <param name="Outer">The name of the index of what is outside of the product.</param>
internal sealed record ContractTerms(Index From, Index To, string Outer);
