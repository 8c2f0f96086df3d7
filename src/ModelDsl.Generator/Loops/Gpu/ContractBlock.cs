namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>The sums of a block. Slices of both operands are copied to shared memory, and the threads multiply from there while the next slices are loaded.</summary>
internal abstract class ContractBlock
{

    /// <summary>The names that its statements use, in addition to those that the kernel makes unique.</summary>
    public static readonly string[] Reserved = ["sum", "slice", "slices", "rowBlock", "columnBlock", "columnQuad", .. ThreadBlock.Names, .. WarpBlock.Names];

    private readonly BlockTile tile;
    private readonly ContractTerms terms;

    protected ContractBlock(BlockTile tile, ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms)
    {
        (this.tile, Body, this.terms) = (tile, body, terms);
        Rows = new SliceCopy(shape, kernel, shape.Roles.A, shape.A, shape.Rows, FirstRow, tile.BlockRows, terms, "rowsShared");
        Columns = new SliceCopy(shape, kernel, shape.Roles.B, shape.B, shape.Columns, FirstColumn, tile.BlockColumns, terms, "columnsShared");
    }

    protected List<Statement> Body { get; }

    protected SliceCopy Rows { get; }

    protected SliceCopy Columns { get; }

    protected Index FirstRow => terms.RowBlock * tile.BlockRows;

    protected Index FirstColumn => terms.ColumnBlock * tile.BlockColumns;

    /// <summary>Writes the sums of the terms, and returns the finished sums with their positions.</summary>
    public IReadOnlyList<FinishedSums> Sum()
    {
        Rows.Declare(Body);
        Columns.Declare(Body);
        DeclareSums();
        var slices = Index.CeilingDivide(terms.To - terms.From, tile.Slice);
        if (slices.Literal is null)
        {
            var count = new IndexVariable("slices");
            Body.Add(new DeclareIndex(count, slices));
            slices = count;
        }

        Store(Body, 0, Load(Body, 0, null));
        Body.Add(new GroupBarrier());
        if (slices.Literal == 1)
        {
            Body.AddRange(Multiply(0));
            return Results();
        }

        var slice = new IndexVariable("slice");
        var next = slice + 1;
        var iteration = new List<Statement>();
        var loaded = Load(iteration, next, Condition.Less(next, slices));
        iteration.AddRange(Multiply(slice % 2));
        Store(iteration, next % 2, loaded);
        iteration.Add(new GroupBarrier());
        Body.Add(new Loop(slice, 0, slices, 1, iteration));
        return Results();

        Action<List<Statement>, Index>[] Load(List<Statement> statements, Index slice, Condition? exists) =>
            [Rows.Load(statements, slice, exists), Columns.Load(statements, slice, exists)];

        static void Store(List<Statement> statements, Index half, Action<List<Statement>, Index>[] stores)
        {
            foreach (var store in stores) store(statements, half);
        }
    }

    /// <summary>Declares the sums and the positions of the thread's part of them.</summary>
    protected abstract void DeclareSums();

    /// <summary>Adds the products of a slice, term by term. The terms are unrolled: with a loop over terms, the device's compiler would copy all sums once per slice.</summary>
    /// <param name="half">The half of shared memory that contains the slice.</param>
    protected abstract IEnumerable<Statement> Multiply(Index half);

    /// <summary>The finished sums with their positions.</summary>
    protected abstract IReadOnlyList<FinishedSums> Results();
}

/// <summary>Sums that are finished together: one sum, or those of four adjacent columns.</summary>
/// <param name="Row">The row.</param>
/// <param name="Column">The column, or the first of four columns divided by four.</param>
/// <param name="Sums">The sums.</param>
internal sealed record FinishedSums(Index Row, Index Column, IReadOnlyList<Local> Sums);

/// <summary>The terms of the sums of a block.</summary>
/// <param name="From">The first term.</param>
/// <param name="To">The end of the terms, exclusive.</param>
/// <param name="RowBlock">The number of the block's rows among all blocks of rows.</param>
/// <param name="ColumnBlock">The number of the block's columns among all blocks of columns.</param>
/// <param name="Outer">The index of the product among all products.</param>
internal sealed record ContractTerms(Index From, Index To, IndexVariable RowBlock, IndexVariable ColumnBlock, IndexVariable Outer);
