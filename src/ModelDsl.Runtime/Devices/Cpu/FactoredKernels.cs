using System.Runtime.CompilerServices;

namespace ModelDsl.Devices.Cpu;

/// <summary>The loops of <see cref="CpuAdafactorPass"/>. Sums of floats have at most 256 terms, and are added in order in double precision.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="gradients">The gradients.</param>
internal sealed unsafe class FactoredKernels(CpuBuffer parameters, CpuBuffer gradients)
{
    private const int Lanes = FactoredTensor.Lanes;
    private const int Terms = 256;

    private enum Term
    {
        Gradient,
        Parameter,
        Update,
    }

    /// <summary>The operation on gradients before the update.</summary>
    public GradientClip Clip { get; set; }

    /// <summary>The least mean square.</summary>
    public float LeastSquare { get; set; }

    /// <summary>Updates the means of a block of lanes, or of a single element of the axis of lanes.</summary>
    public void AverageLanes<TLanes>(FactoredTensor tensor, int unit, double share)
        where TLanes : struct, ILanes<TLanes>
    {
        var units = tensor.LaneUnits / tensor.MatrixOffsets.Length;
        var (matrix, within) = (unit / units, unit % units);
        var means = tensor.OfLanes.Pointer + ((nint)matrix * tensor.LaneOffsets.Length);
        if (within < tensor.Blocks)
            AverageLanes<TLanes>(tensor, matrix, within * Lanes, Lanes, means, share);
        else
            AverageLanes<ScalarLane>(tensor, matrix, (tensor.Blocks * Lanes) + within - tensor.Blocks, 1, means, share);
    }

    /// <summary>Updates the means of a chunk of lines, and sums the squares of their parameters.</summary>
    public void AverageLines<TLanes>(FactoredTensor tensor, int chunk, double share)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = 0.0;
        for (var line = chunk * tensor.LinesPerChunk; line < End(tensor, chunk); line++)
        {
            sum += Sum<TLanes>(tensor, line, Term.Parameter);
            if (!tensor.IsVector)
                tensor.OfOthers[line] += (float)(share * ((Sum<TLanes>(tensor, line, Term.Gradient) / tensor.LaneOffsets.Length) - tensor.OfOthers[line]));
        }

        tensor.ParameterSums[chunk] = sum;
    }

    /// <summary>Sums the squares of the updates of a chunk of lines.</summary>
    public void SumUpdates<TLanes>(FactoredTensor tensor, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = 0.0;
        for (var line = chunk * tensor.LinesPerChunk; line < End(tensor, chunk); line++)
            sum += Sum<TLanes>(tensor, line, Term.Update);
        tensor.UpdateSums[chunk] = sum;
    }

    /// <summary>Updates the parameters of a chunk of lines.</summary>
    public void Update<TLanes>(FactoredTensor tensor, int chunk, float keep)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var line = chunk * tensor.LinesPerChunk; line < End(tensor, chunk); line++)
        {
            var whole = tensor.Blocks * Lanes;
            Update<TLanes>(tensor, line, 0, whole, Lanes, keep);
            Update<ScalarLane>(tensor, line, whole, tensor.LaneOffsets.Length, 1, keep);
        }
    }

    private static int End(FactoredTensor tensor, int chunk) => Math.Min((chunk + 1) * tensor.LinesPerChunk, tensor.OfOthers.Length);

    private static int OffsetOf(FactoredTensor tensor, int line, out int matrix)
    {
        matrix = line / tensor.OtherOffsets.Length;
        return tensor.MatrixOffsets[matrix] + tensor.OtherOffsets[line - (matrix * tensor.OtherOffsets.Length)];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AverageLanes<TLanes>(FactoredTensor tensor, int matrix, int first, int count, float* means, double share)
        where TLanes : struct, ILanes<TLanes>
    {
        var g = gradients.Pointer + tensor.MatrixOffsets[matrix] + tensor.LaneOffsets[first];
        var others = tensor.OtherOffsets;
        var totals = stackalloc double[Lanes];
        var part = stackalloc float[Lanes];
        for (var start = 0; start < others.Length; start += Terms)
        {
            var end = Math.Min(start + Terms, others.Length);
            for (var lane = 0; lane < count; lane += TLanes.Count)
            {
                var sum = TLanes.Broadcast(0f);
                for (var i = start; i < end; i++)
                {
                    var gradient = Clipped(TLanes.Load(g + others[i] + lane));
                    sum += gradient * gradient;
                }

                TLanes.Store(sum, part + lane);
            }

            for (var lane = 0; lane < count; lane++)
                totals[lane] += part[lane];
        }

        for (var lane = 0; lane < count; lane++)
            means[first + lane] += (float)(share * ((totals[lane] / others.Length) - means[first + lane]));
    }

    private double Sum<TLanes>(FactoredTensor tensor, int line, Term term)
        where TLanes : struct, ILanes<TLanes>
    {
        var whole = tensor.Blocks * Lanes;
        return Sum<TLanes>(tensor, line, 0, whole, Lanes, term) + Sum<ScalarLane>(tensor, line, whole, tensor.LaneOffsets.Length, 1, term);
    }

    /// <summary>Sums the squares of a range of a line, in blocks of some lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Sum<TLanes>(FactoredTensor tensor, int line, int from, int to, int count, Term term)
        where TLanes : struct, ILanes<TLanes>
    {
        var offset = OffsetOf(tensor, line, out var matrix);
        var source = (term == Term.Parameter ? parameters : gradients).Pointer + offset;
        var means = tensor.OfLanes.Pointer + ((nint)matrix * tensor.LaneOffsets.Length);
        var ofLine = TLanes.Broadcast(tensor.OfOthers[line] * tensor.Inverses[matrix]);
        var lanes = tensor.LaneOffsets;
        var part = stackalloc float[Lanes];
        var total = 0.0;
        for (var start = from; start < to; start += Terms * count)
        {
            var end = Math.Min(start + (Terms * count), to);
            for (var lane = 0; lane < count; lane += TLanes.Count)
            {
                var sum = TLanes.Broadcast(0f);
                for (var i = start; i < end; i += count)
                {
                    var value = TLanes.Load(source + lanes[i] + lane);
                    if (term != Term.Parameter)
                        value = Clipped(value);
                    if (term == Term.Update)
                        value = Scaled(value, ofLine, TLanes.Load(means + i + lane));
                    sum += value * value;
                }

                TLanes.Store(sum, part + lane);
            }

            for (var lane = 0; lane < count; lane++)
                total += part[lane];
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update<TLanes>(FactoredTensor tensor, int line, int from, int to, int count, float keep)
        where TLanes : struct, ILanes<TLanes>
    {
        var offset = OffsetOf(tensor, line, out var matrix);
        var p = parameters.Pointer + offset;
        var g = gradients.Pointer + offset;
        var means = tensor.OfLanes.Pointer + ((nint)matrix * tensor.LaneOffsets.Length);
        var ofLine = TLanes.Broadcast(tensor.OfOthers[line] * tensor.Inverses[matrix]);
        var (step, kept) = (TLanes.Broadcast(tensor.Step), TLanes.Broadcast(keep));
        var lanes = tensor.LaneOffsets;
        for (var start = from; start < to; start += count)
        {
            for (var lane = 0; lane < count; lane += TLanes.Count)
            {
                nint i = lanes[start] + lane;
                var update = Scaled(Clipped(TLanes.Load(g + i)), ofLine, TLanes.Load(means + start + lane));
                TLanes.Store((TLanes.Load(p + i) * kept) - (step * update), p + i);
            }
        }
    }

    /// <summary>Divides a gradient by the root of its estimated mean square.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Scaled<TLanes>(TLanes gradient, TLanes ofLine, TLanes ofLanes)
        where TLanes : struct, ILanes<TLanes> =>
        gradient / TLanes.Sqrt(TLanes.Greater(TLanes.Broadcast(LeastSquare), ofLine * ofLanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Clipped<TLanes>(TLanes gradient)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Greater(TLanes.Broadcast(-Clip.Limit), TLanes.Less(TLanes.Broadcast(Clip.Limit), gradient * TLanes.Broadcast(Clip.Scale)));
}
