namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>How a group of threads shares a block of a product.</summary>
/// <param name="BlockRows">Rows of the block.</param>
/// <param name="BlockColumns">Columns of the block.</param>
/// <param name="Side">Rows, and columns, of a thread's part: its square is the number of sums a thread keeps in registers.</param>
/// <param name="Slice">Terms of the sum that stand in shared memory at a time.</param>
/// <param name="Unrolled">Terms written out one after the other in a turn of the innermost loop.</param>
internal sealed record ContractTile(int BlockRows, int BlockColumns, int Side, int Slice, int Unrolled)
{
    /// <summary>Numbers that are loaded and stored at once.</summary>
    public const int Quad = 4;

    private const int SmallestBlock = 16;
    private const int LargestBlock = 64;
    private const int WideBlock = 128;

    /// <summary>Threads of a group.</summary>
    public int Threads => BlockRows * BlockColumns / (Side * Side);

    /// <summary>Quads along each side of a thread's part. They lie as far apart as possible, so that the quads of neighbouring threads are neighbours.</summary>
    public int Quads => Side / Quad;

    /// <summary>A short side takes a small block; a side whose length is known only at run time a large one.</summary>
    public static ContractTile Of(Index rows, Index columns) => new(Block(rows), Block(columns), 4, 16, 4);

    /// <summary>
    /// The tile for large products: with four times the sums in each thread it reads shared memory half as often for each of them. Null where a
    /// block would not be full.
    /// </summary>
    public static ContractTile? Wide(Index rows, Index columns)
    {
        if (rows.Literal <= LargestBlock || columns.Literal <= LargestBlock / 2) return null;
        return new ContractTile(WideBlock, columns.Literal <= LargestBlock ? LargestBlock : WideBlock, 8, 8, 2);
    }

    private static int Block(Index size)
    {
        var block = LargestBlock;
        while (size.Literal is { } length && block > SmallestBlock && block / 2 >= length) block /= 2;
        return block;
    }
}
