namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>How a group of threads shares a block of a product.</summary>
/// <param name="BlockRows">Rows of the block.</param>
/// <param name="BlockColumns">Columns of the block.</param>
/// <param name="Slice">Terms of the sum that stand in shared memory at a time.</param>
internal abstract record ContractTile(int BlockRows, int BlockColumns, int Slice)
{
    /// <summary>Numbers that are loaded and stored at once.</summary>
    public const int QuadSize = 4;

    protected const int SmallestBlock = 16;
    protected const int LargestBlock = 64;
    protected const int WideBlock = 128;

    /// <summary>Threads of a group.</summary>
    public abstract int Threads { get; }

    /// <summary>Whether factors are rounded to TF32.</summary>
    public virtual bool IsTf32 => false;

    /// <summary>
    /// Quads from one term to the next in shared memory, for the side of a block: as many as needed, and as many more as put what a warp reads or writes at
    /// once into different banks.
    /// </summary>
    /// <param name="block">The length of the side.</param>
    /// <param name="isTransposed">Whether quads are transposed while they are copied.</param>
    public abstract int Pitch(int block, bool isTransposed);

    /// <summary>The same kind of tile for large products; null where a block would not be full.</summary>
    public abstract ContractTile? Widen(Index rows, Index columns);

    /// <summary>The sums of a block.</summary>
    public abstract ContractBlock Block(ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms);

    /// <summary>A short side takes a small block; a side whose length is known only at run time a large one.</summary>
    protected static int BlockOf(Index size)
    {
        var block = LargestBlock;
        while (size.Literal is { } length && block > SmallestBlock && block / 2 >= length) block /= 2;
        return block;
    }

    /// <summary>Rows and columns of wide blocks; null where a block would not be full.</summary>
    protected static (int Rows, int Columns)? WideBlocks(Index rows, Index columns) =>
        rows.Literal <= LargestBlock || columns.Literal <= LargestBlock / 2 ? null : (WideBlock, columns.Literal <= LargestBlock ? LargestBlock : WideBlock);
}

/// <summary>Threads that work for themselves.</summary>
/// <param name="BlockRows">Rows of the block.</param>
/// <param name="BlockColumns">Columns of the block.</param>
/// <param name="Slice">Terms of the sum that stand in shared memory at a time.</param>
/// <param name="Side">Rows, and columns, of a thread's part: its square is the number of sums a thread keeps in registers.</param>
internal sealed record ThreadTile(int BlockRows, int BlockColumns, int Slice, int Side) : ContractTile(BlockRows, BlockColumns, Slice)
{
    public override int Threads => BlockRows * BlockColumns / (Side * Side);

    /// <summary>Quads along each side of a thread's part. They lie as far apart as possible, so that the quads of neighbouring threads are neighbours.</summary>
    public int Quads => Side / QuadSize;

    public static ThreadTile Of(Index rows, Index columns) => new(BlockOf(rows), BlockOf(columns), 16, 4);

    public override int Pitch(int block, bool isTransposed) => (block / QuadSize) + (isTransposed ? 1 : 0);

    /// <summary>With four times the sums in each thread it reads shared memory half as often for each of them.</summary>
    public override ContractTile? Widen(Index rows, Index columns) => WideBlocks(rows, columns) is { } block ? new ThreadTile(block.Rows, block.Columns, 8, 8) : null;

    public override ContractBlock Block(ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms) =>
        new ThreadBlock(this, shape, kernel, body, terms);

    public override string ToString() => $"{Threads} threads with {Side} × {Side} results each";
}

/// <summary>Warps that multiply matrices of TF32 numbers together, on tensor cores. Each has a part of 32 columns.</summary>
/// <param name="BlockRows">Rows of the block.</param>
/// <param name="BlockColumns">Columns of the block.</param>
/// <param name="WarpRows">Rows of a warp's part.</param>
internal sealed record WarpTile(int BlockRows, int BlockColumns, int WarpRows) : ContractTile(BlockRows, BlockColumns, 16)
{
    public const int Warp = 32;

    /// <summary>Columns of a warp's part.</summary>
    public const int WarpColumns = 32;

    public override int Threads => BlockRows / WarpRows * (BlockColumns / WarpColumns) * Warp;

    public override bool IsTf32 => true;

    /// <summary>Null where a side is so short that most of a block would be empty.</summary>
    public static WarpTile? Of(Index rows, Index columns) =>
        rows.Literal <= LargestBlock / 2 || columns.Literal <= LargestBlock / 2 ? null : new WarpTile(LargestBlock, LargestBlock, 32);

    /// <summary>The lanes of a warp read four terms of eight neighbours: terms lie eight banks apart.</summary>
    public override int Pitch(int block, bool isTransposed) => (block / QuadSize) + 2;

    public override ContractTile? Widen(Index rows, Index columns) => WideBlocks(rows, columns) is { } block ? new WarpTile(block.Rows, block.Columns, 64) : null;

    public override ContractBlock Block(ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms) =>
        new WarpBlock(this, shape, kernel, body, terms);

    public override string ToString() => $"{Threads / Warp} warps with {WarpRows} × {WarpColumns} results each from factors rounded to TF32";
}
