using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Constants and tensors in the order of axes that an expression needs.</summary>
internal static class Layouts
{
    /// <summary>Returns a tensor as a value with more axes, which are added before the others and have size 1.</summary>
    public static Tensor WithRank(this Tensor tensor, int rank)
    {
        var more = rank - tensor.Rank;
        return more == 0 ? tensor : tensor with
        {
            Shape = [.. Enumerable.Repeat(1L, more), .. tensor.Shape],
            BatchAxis = tensor.BatchAxis < 0 ? -1 : tensor.BatchAxis + more,
            Axes = [.. tensor.Axes.Select(axis => axis + more)],
        };
    }

    /// <summary>Returns a constant with more axes, which are added before the others.</summary>
    public static Constant WithRank(this Constant constant, int rank) => constant.WithShape([.. Enumerable.Repeat(1L, rank - constant.Rank), .. constant.Shape]);

    /// <summary>Returns a constant with its axes in another order.</summary>
    public static Constant Transposed(this Constant constant, int[] order)
    {
        long[] shape = [.. order.Select(axis => constant.Shape[axis])];
        if (order.SequenceEqual(Enumerable.Range(0, constant.Rank))) return constant;
        if (constant.IsInteger) return Constant.Of(shape, Moved(constant.Integers, constant.Shape, order), constant.Source);

        // The numbers of a weight are moved when it is written.
        var (source, sizes) = (constant, constant.Shape);
        return Constant.Of(shape, () => Moved(source.Floats, sizes, order), constant.Source, constant.IsTrained);
    }

    /// <summary>Returns elements in another order of their axes.</summary>
    public static T[] Moved<T>(T[] values, IReadOnlyList<long> shape, int[] order)
    {
        if (values.Length <= 1) return values;
        var strides = Sizes.Strides(shape);
        var result = new T[values.Length];
        var index = new long[order.Length];
        var from = 0L;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = values[from];
            for (var axis = order.Length - 1; axis >= 0; axis--)
            {
                from += strides[order[axis]];
                if (++index[axis] < shape[order[axis]]) break;
                from -= index[axis] * strides[order[axis]];
                index[axis] = 0;
            }
        }

        return result;
    }
}
