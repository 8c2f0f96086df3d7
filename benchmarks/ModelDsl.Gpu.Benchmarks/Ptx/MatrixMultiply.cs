namespace ModelDsl.Benchmarks.Gpu.Ptx;

/// <summary>
/// The multiplication a warp carries out together, <c>mma.sync</c>: which element of each matrix stands in which register of which lane is written here as the
/// PTX ISA's tables have it (section "Matrix fragments for mma.m16n8k8").
/// </summary>
internal static class MatrixMultiply
{
    private const int Rows = 16;
    private const int Columns = 8;
    private const int Terms = 8;

    /// <summary>d = a · b + c, from the fragments of 32 lanes.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="a">Per lane, the fragment of A: 16 × 8.</param>
    /// <param name="b">Per lane, the fragment of B: 8 × 8.</param>
    /// <param name="c">Per lane, the fragment of C: 16 × 8.</param>
    public static uint[][] Run(string operation, uint[][] a, uint[][] b, uint[][] c)
    {
        if (operation != "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32")
            throw new NotSupportedException(operation);
        var (rows, columns) = (new float[Rows, Terms], new float[Terms, Columns]);
        for (var lane = 0; lane < 32; lane++)
        {
            // groupID = laneid >> 2, threadID_in_group = laneid % 4.
            var (group, thread) = (lane >> 2, lane % 4);
            for (var i = 0; i < 4; i++)
                rows[i is 0 or 2 ? group : group + 8, i is 0 or 1 ? thread : thread + 4] = Tf32(a[lane][i]);
            for (var i = 0; i < 2; i++)
                columns[i == 0 ? thread : thread + 4, group] = Tf32(b[lane][i]);
        }

        var result = new uint[32][];
        for (var lane = 0; lane < 32; lane++)
        {
            var (group, thread) = (lane >> 2, lane % 4);
            result[lane] = new uint[4];
            for (var i = 0; i < 4; i++)
            {
                var (row, column) = (i < 2 ? group : group + 8, (thread * 2) + (i & 1));
                var sum = BitConverter.UInt32BitsToSingle(c[lane][i]);
                for (var term = 0; term < Terms; term++)
                    sum = MathF.FusedMultiplyAdd(rows[row, term], columns[term, column], sum);
                result[lane][i] = BitConverter.SingleToUInt32Bits(sum);
            }
        }

        return result;
    }

    /// <summary>Rounds to ten fraction bits, ties away from zero.</summary>
    public static uint RoundToTf32(uint bits) => (bits + 0x1000) & ~0x1FFFu;

    /// <summary>A source must have been rounded before.</summary>
    private static float Tf32(uint bits) =>
        (bits & 0x1FFF) == 0 ? BitConverter.UInt32BitsToSingle(bits) : throw new InvalidOperationException("A source of the product is no TF32 number.");
}
