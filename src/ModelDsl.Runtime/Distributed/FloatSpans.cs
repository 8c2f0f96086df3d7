using System.Numerics;
using System.Runtime.CompilerServices;

namespace ModelDsl.Distributed;

/// <summary>Operations on floats, one after the other, whose results do not depend on the width of vectors. They are optimized at their first call; otherwise the first steps of a group would take half as long again.</summary>
internal static class FloatSpans
{
    /// <summary>Adds floats to others: <c>sum += values</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<float> sum, ReadOnlySpan<float> values)
    {
        var i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) + new Vector<float>(values[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++)
            sum[i] += values[i];
    }

    /// <summary>Divides floats by a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(Span<float> values, float divisor)
    {
        var by = new Vector<float>(divisor);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(values[i..]) / by).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] /= divisor;
    }
}
