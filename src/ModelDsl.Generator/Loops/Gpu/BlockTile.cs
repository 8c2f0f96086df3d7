namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>The division of a block of a product among the threads of a group.</summary>
/// <param name="BlockRows">The number of rows of the block.</param>
/// <param name="BlockColumns">The number of columns of the block.</param>
/// <param name="Slice">The number of terms of the sum that are in shared memory at a time.</param>
internal abstract record BlockTile(int BlockRows, int BlockColumns, int Slice)
{
    /// <summary>The number of floats that are loaded and stored at once.</summary>
    public const int QuadSize = 4;

    protected const int SmallestBlock = 16;
    protected const int LargestBlock = 64;
    protected const int WideBlock = 128;

    /// <summary>The number of threads of a group.</summary>
    public abstract int Threads { get; }

    /// <summary>The number of adjacent columns of a thread's part, to which the number of its first column is a multiple.</summary>
    public abstract int AdjacentColumns { get; }

    /// <summary>Whether factors are rounded to TF32.</summary>
    public virtual bool IsTf32 => false;

    /// <summary>
    /// The distance in quads between two terms in shared memory, for a side of a block. It includes padding, so that the quads that a warp reads or writes at once are in
    /// different banks.
    /// </summary>
    /// <param name="block">The length of the side.</param>
    /// <param name="isTransposed">Whether quads are transposed when they are copied.</param>
    public abstract int Pitch(int block, bool isTransposed);

    /// <summary>A tile of the same kind for large products; null if a block would not be full.</summary>
    public abstract BlockTile? Widen(Index rows, Index columns);

    /// <summary>The sums of a block.</summary>
    public abstract ContractBlock Block(ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms);

    /// <summary>The length of a block for a side. A short side has a small block; a side whose length is known only at run time has a large one.</summary>
    protected static int BlockOf(Index size)
    {
        var block = LargestBlock;
        while (size.Literal is { } length && block > SmallestBlock && block / 2 >= length) block /= 2;
        return block;
    }

    /// <summary>The rows and columns of wide blocks; null if a block would not be full.</summary>
    protected static (int Rows, int Columns)? WideBlocks(Index rows, Index columns) =>
        rows.Literal <= LargestBlock || columns.Literal <= LargestBlock / 2 ? null : (WideBlock, columns.Literal <= LargestBlock ? LargestBlock : WideBlock);
}

/// <summary>A tile in which each thread computes sums of its own.</summary>
/// <param name="BlockRows">The number of rows of the block.</param>
/// <param name="BlockColumns">The number of columns of the block.</param>
/// <param name="Slice">The number of terms of the sum that are in shared memory at a time.</param>
/// <param name="Side">The number of rows, and of columns, of a thread's part. A thread keeps the square of this number of sums in registers.</param>
internal sealed record ThreadTile(int BlockRows, int BlockColumns, int Slice, int Side) : BlockTile(BlockRows, BlockColumns, Slice)
{
    public override int Threads => BlockRows * BlockColumns / (Side * Side);

    public override int AdjacentColumns => QuadSize;

    /// <summary>The number of quads along each side of a thread's part. They are as far apart as possible, so that the quads of adjacent threads are adjacent.</summary>
    public int Quads => Side / QuadSize;

    public static ThreadTile Of(Index rows, Index columns) => new(BlockOf(rows), BlockOf(columns), 16, 4);

    public override int Pitch(int block, bool isTransposed) => (block / QuadSize) + (isTransposed ? 1 : 0);

    /// <summary>A thread has four times as many sums and reads shared memory half as often for each of them.</summary>
    public override BlockTile? Widen(Index rows, Index columns) => WideBlocks(rows, columns) is { } block ? new ThreadTile(block.Rows, block.Columns, 8, 8) : null;

    public override ContractBlock Block(ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms) =>
        new ThreadBlock(this, shape, kernel, body, terms);

    public override string ToString() => $"{Threads} threads with {Side} × {Side} results each";
}

/// <summary>A tile in which warps multiply matrices of TF32 numbers on tensor cores. The part of each warp has 32 columns.</summary>
/// <param name="BlockRows">The number of rows of the block.</param>
/// <param name="BlockColumns">The number of columns of the block.</param>
/// <param name="WarpRows">The number of rows of a warp's part.</param>
internal sealed record WarpTile(int BlockRows, int BlockColumns, int WarpRows) : BlockTile(BlockRows, BlockColumns, 16)
{
    public const int Warp = 32;

    /// <summary>The number of columns of a warp's part.</summary>
    public const int WarpColumns = 32;

    public override int Threads => BlockRows / WarpRows * (BlockColumns / WarpColumns) * Warp;

    public override int AdjacentColumns => 2;

    public override bool IsTf32 => true;

    /// <summary>Returns a tile; null if a side is so short that most of a block would be empty.</summary>
    public static WarpTile? Of(Index rows, Index columns) =>
        rows.Literal <= LargestBlock / 2 || columns.Literal <= LargestBlock / 2 ? null : new WarpTile(LargestBlock, LargestBlock, 32);

    /// <summary>The lanes of a warp read four terms of eight adjacent numbers, so terms are eight banks apart.</summary>
    public override int Pitch(int block, bool isTransposed) => (block / QuadSize) + 2;

    public override BlockTile? Widen(Index rows, Index columns) => WideBlocks(rows, columns) is { } block ? new WarpTile(block.Rows, block.Columns, 64) : null;

    public override ContractBlock Block(ContractShape shape, KernelBuilder kernel, List<Statement> body, ContractTerms terms) =>
        new WarpBlock(this, shape, kernel, body, terms);

    public override string ToString() => $"{Threads / Warp} warps with {WarpRows} × {WarpColumns} results each from factors rounded to TF32";
}
