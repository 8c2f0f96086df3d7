using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>The windows of a convolution or pool along the axes after the channels.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kernels">Their sizes.</param>
/// <param name="Strides">The distances of adjacent windows.</param>
/// <param name="Dilations">The distances of adjacent elements.</param>
/// <param name="Pads">The positions that they extend beyond the start of each axis, and then beyond the end of each.</param>
/// <param name="IsSame">Whether <c>Padding.Same</c> means the same.</param>
internal sealed record Windows(Node Node, long[] Kernels, long[] Strides, long[] Dilations, long[] Pads, bool IsSame)
{
    /// <summary>The number of axes.</summary>
    public int Rank => Kernels.Length;

    /// <summary>The number of positions on all sides, if it is the same.</summary>
    public long? Symmetric => Array.TrueForAll(Pads, pad => pad == Pads[0]) ? Pads[0] : null;

    public static Windows Of(Node node, Tensor input, long[] kernels)
    {
        var rank = kernels.Length;
        node.Check(input.Rank == rank + 2, $"windows over {rank} axes do not fit the input {Sizes.Text(input.Shape)}.");
        node.Require(rank is 1 or 2 || node.Type.Contains("Pool", StringComparison.Ordinal), $"windows over {rank} axes are not supported: pictures have 2 and sequences 1.");
        node.Check(Array.TrueForAll(kernels, size => size > 0), "a window has no elements.");
        var (strides, dilations) = (node.Ints("strides") ?? Ones(), node.Ints("dilations") ?? Ones());
        var pads = node.Ints("pads") ?? new long[2 * rank];
        node.Check(strides.Length == rank && dilations.Length == rank && pads.Length == 2 * rank, $"strides, dilations or pads do not have a number for each of {rank} axes.");
        node.Check(strides.Concat(dilations).All(size => size > 0), "a stride or dilation is not positive.");
        node.Require(Array.TrueForAll(pads, size => size >= 0), "negative pads are not supported.");
        node.Check(kernels.Concat(strides).Concat(dilations).Concat(pads).All(size => size <= int.MaxValue), "a size, stride, dilation or pad of a window is too large.");
        var padding = node.Text("auto_pad", "NOTSET");
        if (padding is "SAME_UPPER" or "SAME_LOWER" && node.Type != "ConvTranspose")
        {
            for (var axis = 0; axis < rank; axis++)
            {
                var size = input.Shape[axis + 2];
                var positions = (size + strides[axis] - 1) / strides[axis];
                var total = Math.Max(0, ((positions - 1) * strides[axis]) + ((kernels[axis] - 1) * dilations[axis]) + 1 - size);
                (pads[axis], pads[axis + rank]) = padding == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
            }
        }

        return new(node, kernels, strides, dilations, pads, Enumerable.Range(0, rank).All(IsSameAlong));

        // As Padding.Same divides it: half of what the positions need, rounded down, before the start.
        bool IsSameAlong(int axis)
        {
            var (size, stride) = (input.Shape[axis + 2], strides[axis]);
            var total = Math.Max(0, (((size + stride - 1) / stride - 1) * stride) + ((kernels[axis] - 1) * dilations[axis]) + 1 - size);
            return pads[axis] == total / 2 && pads[axis + rank] == total - (total / 2);
        }

        long[] Ones() => [.. Enumerable.Repeat(1L, rank)];
    }

    /// <summary>Returns the number of positions from the first element of a window to its last one.</summary>
    public long Extent(int axis) => ((Kernels[axis] - 1) * Dilations[axis]) + 1;

    /// <summary>Returns the number of windows along each axis.</summary>
    public long[] Outputs(long[] shape)
    {
        var outputs = new long[Rank];
        for (var axis = 0; axis < Rank; axis++)
        {
            var room = shape[axis + 2] + Pads[axis] + Pads[axis + Rank] - Extent(axis);
            Node.Check(room >= 0, $"a window of {Kernels[axis]} does not fit into the input {Sizes.Text(shape)} along axis {axis + 2}.");
            outputs[axis] = (room / Strides[axis]) + 1;
        }

        return outputs;
    }

    /// <summary>Returns the number that is the same for all axes.</summary>
    public long One(long[] numbers, string name) => Array.TrueForAll(numbers, number => number == numbers[0])
        ? numbers[0]
        : throw Node.Unsupported($"{name} [{string.Join(", ", numbers)}] differ between the axes; equal ones are supported.");

    /// <summary>Returns the input with its positions before its channels.</summary>
    public Tensor Arranged(Tensor input)
    {
        Node.Require(input.BatchAxis == 0 || (input.BatchAxis < 0 && input.Shape[0] == 1), "axis 0 of the input is not that of the samples.");
        return input.Arranged([.. Enumerable.Range(2, Rank), 1]);
    }

    /// <summary>Returns a column with one number outside of positions, and 0 at them.</summary>
    public static string Outside(long size, long before, long behind, double value)
    {
        var conditions = new[] { before > 0 ? $"i < {before}" : "", behind > 0 ? $"i >= {before + size}" : "" }.Where(condition => condition.Length > 0);
        return $"Tensor.Constant((i, j) => {string.Join(" || ", conditions)} ? {Numbers.Text(value)} : 0.0, {before + size + behind}, 1)";
    }

    /// <summary>Returns an arranged input with zeros beyond its edges.</summary>
    public Tensor Padded(Tensor input, long[] pads)
    {
        var sizes = (long[])input.Shape.Clone();
        for (var axis = 0; axis < Rank; axis++) sizes[axis + 2] += pads[axis] + pads[axis + Rank];
        var sides = Enumerable.Range(0, Rank).SelectMany(axis => new[] { pads[axis], pads[axis + Rank] });
        return input.With(Code.Call(input.Code, $"Pad({string.Join(", ", sides)})")) with { Shape = sizes };
    }
}
