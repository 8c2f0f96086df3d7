using ModelDsl.Compiled;
using ModelDsl.Parameters;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// A parameter as matrices of its last two axes, with the means of squared gradients over rows and over columns. A vector is a matrix with a single row, whose mean is not used.
/// </summary>
/// <remarks>
/// One of the two axes is that of lanes, along which 16 elements are computed together if they lie next to each other in memory: for matrices in panels it is the axis of rows, for tables that of columns.
/// </remarks>
internal sealed class FactoredTensor
{
    /// <summary>The number of elements that are computed together.</summary>
    public const int Lanes = 16;

    /// <summary>The approximate number of elements that are summed one after the other.</summary>
    private const int Chunk = 4096;

    private readonly bool lanesAreRows;

    /// <summary>Finds the axes, and allocates the means.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="weightDecay">Its weight decay.</param>
    public FactoredTensor(ParameterDescription parameter, double weightDecay)
    {
        (Name, WeightDecay, Length) = (parameter.Name, weightDecay, parameter.Length);
        var shape = parameter.Shape;
        var map = new LayoutMap(shape, parameter.Layout);
        IsVector = shape.Length < 2;
        int[] last = shape.Length == 0 ? [0] : [.. map.OffsetsOf(shape.Length - 1)];
        int[] other = IsVector ? [0] : [.. map.OffsetsOf(shape.Length - 2)];
        lanesAreRows = Whole(last) == 0 && Whole(other) > 0;
        (LaneOffsets, OtherOffsets) = lanesAreRows ? (other, last) : (last, other);
        Blocks = Whole(LaneOffsets);
        MatrixOffsets = Offsets(parameter, map);
        OfLanes = new CpuBuffer((long)MatrixOffsets.Length * LaneOffsets.Length, "The state of an optimizer");
        OfOthers = new float[MatrixOffsets.Length * OtherOffsets.Length];
        Inverses = new float[MatrixOffsets.Length];
        if (IsVector)
            (OfOthers[0], Inverses[0]) = (1, 1);
        LinesPerChunk = Math.Max(1, Chunk / LaneOffsets.Length);
        Chunks = ((OfOthers.Length - 1) / LinesPerChunk) + 1;
        (ParameterSums, UpdateSums) = (new double[Chunks], new double[Chunks]);
    }

    /// <summary>The name of the parameter.</summary>
    public string Name { get; }

    /// <summary>The weight decay.</summary>
    public double WeightDecay { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>Whether each element has its own mean.</summary>
    public bool IsVector { get; }

    /// <summary>The offset of each matrix in the flat buffers.</summary>
    public int[] MatrixOffsets { get; }

    /// <summary>The offsets of the elements along the axis of lanes.</summary>
    public int[] LaneOffsets { get; }

    /// <summary>The offsets of the elements along the other axis, which are those of lines of lanes.</summary>
    public int[] OtherOffsets { get; }

    /// <summary>The number of blocks of <see cref="Lanes"/> elements at the beginning of the axis of lanes. The rest is computed one by one.</summary>
    public int Blocks { get; }

    /// <summary>The number of units into which the axes of lanes of all matrices are divided: blocks, and then single elements.</summary>
    public int LaneUnits => MatrixOffsets.Length * (Blocks + LaneOffsets.Length - (Blocks * Lanes));

    /// <summary>The means over the other axis, of each index along the axis of lanes.</summary>
    public CpuBuffer OfLanes { get; }

    /// <summary>The means over the axis of lanes, of each line.</summary>
    public float[] OfOthers { get; }

    /// <summary>The inverse of the mean of all means over columns, of each matrix.</summary>
    public float[] Inverses { get; }

    /// <summary>The number of lines that are summed one after the other.</summary>
    public int LinesPerChunk { get; }

    /// <summary>The number of chunks of lines.</summary>
    public int Chunks { get; }

    /// <summary>The sums of the squares of the parameter, of each chunk.</summary>
    public double[] ParameterSums { get; }

    /// <summary>The sums of the squares of the update, of each chunk.</summary>
    public double[] UpdateSums { get; }

    /// <summary>The factor of the update.</summary>
    public float Step { get; set; }

    /// <summary>Computes <see cref="Inverses"/>.</summary>
    /// <param name="least">The least mean.</param>
    public void Invert(double least)
    {
        if (IsVector)
            return;
        var rows = lanesAreRows ? OfLanes.Span : OfOthers;
        var count = rows.Length / Inverses.Length;
        for (var matrix = 0; matrix < Inverses.Length; matrix++)
        {
            var sum = 0.0;
            foreach (var value in rows.Slice(matrix * count, count))
                sum += value;
            Inverses[matrix] = (float)(1 / Math.Max(sum / count, least));
        }
    }

    /// <summary>Adds the means to a checkpoint.</summary>
    public void Save(CheckpointWriter writer)
    {
        var (rows, columns) = lanesAreRows ? ("rows", "columns") : ("columns", "rows");
        writer.Write($"{Name}.{rows}", OfLanes.Span.ToArray());
        if (!IsVector)
            writer.Write($"{Name}.{columns}", OfOthers);
    }

    /// <summary>Restores the means.</summary>
    public void Restore(CheckpointReader reader)
    {
        var (rows, columns) = lanesAreRows ? ("rows", "columns") : ("columns", "rows");
        OfLanes.Write(0, reader.GetSingles($"{Name}.{rows}"));
        if (!IsVector)
            reader.GetSingles($"{Name}.{columns}").CopyTo(OfOthers, 0);
    }

    /// <summary>Returns the number of blocks of elements that lie next to each other; 0 if not all blocks do.</summary>
    private static int Whole(int[] offsets)
    {
        for (var i = 0; i < offsets.Length / Lanes * Lanes; i++)
        {
            if (offsets[i] != offsets[i / Lanes * Lanes] + (i % Lanes))
                return 0;
        }

        return offsets.Length / Lanes;
    }

    /// <summary>Returns the offset of each matrix.</summary>
    private static int[] Offsets(ParameterDescription parameter, LayoutMap map)
    {
        int[] offsets = [parameter.Offset];
        for (var axis = 0; axis < parameter.Shape.Length - 2; axis++)
        {
            int[] along = [.. map.OffsetsOf(axis)];
            offsets = [.. offsets.SelectMany(offset => along.Select(more => offset + more))];
        }

        return offsets;
    }
}
