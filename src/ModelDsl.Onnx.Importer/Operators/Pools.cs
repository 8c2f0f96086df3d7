using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Maxima and means of windows.</summary>
internal static class Pools
{
    /// <summary>What is beyond the edges for a maximum.</summary>
    private const double Lowest = -1e38;

    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        new("MaxPool", node => Pool(node, isMax: true)),
        new("AveragePool", node => Pool(node, isMax: false)),
        new("GlobalAveragePool", GlobalAverage),
        new("GlobalMaxPool", GlobalMax),
    ];

    private static void Pool(Node node, bool isMax)
    {
        var input = node.Tensor(0);
        var windows = Rounded(node, Windows.Of(node, input, node.Ints("kernel_shape") ?? throw node.Damaged("it has no kernel_shape.")), input, out var overhang);
        node.Require(!node.Needs(1), "the positions of the maxima (its second output) are not supported.");
        var countsPads = !isMax && node.Int("count_include_pad", 0) == 1;
        node.Require(!countsPads || overhang.All(more => more == 0), "count_include_pad together with ceil_mode is not supported.");
        var outputs = windows.Outputs(input.Shape);
        var arranged = windows.Arranged(input);
        var pooled = countsPads && windows.Pads.Any(pad => pad > 0)
            ? Along(windows with { Pads = new long[2 * windows.Rank], IsSame = false }, windows.Padded(arranged, windows.Pads), isMax)
            : Along(windows, arranged, isMax);
        node.Set(0, pooled with { Shape = [input.Shape[0], input.Shape[1], .. outputs] });
    }

    /// <summary>With ceil_mode a last window may extend beyond the end: the positions that it needs are added to the padding.</summary>
    private static Windows Rounded(Node node, Windows windows, Tensor input, out long[] overhang)
    {
        overhang = new long[windows.Rank];
        if (node.Int("ceil_mode", 0) == 0) return windows;
        var pads = (long[])windows.Pads.Clone();
        for (var axis = 0; axis < windows.Rank; axis++)
        {
            var size = input.Shape[axis + 2];
            var room = size + pads[axis] + pads[axis + windows.Rank] - windows.Extent(axis);
            var rest = room % windows.Strides[axis];

            // A window that begins in the padding at the end does not count.
            var start = (((room / windows.Strides[axis]) + 1) * windows.Strides[axis]) - pads[axis];
            if (rest == 0 || start >= size) continue;
            overhang[axis] = windows.Strides[axis] - rest;
            pads[axis + windows.Rank] += overhang[axis];
        }

        return windows with { Pads = pads, IsSame = false };
    }

    private static Tensor Along(Windows windows, Tensor input, bool isMax)
    {
        var kind = isMax ? "MaxPool" : "AveragePool";
        var isSquare = windows.Rank <= 2 && windows.Dilations.All(size => size == 1) && windows.Kernels.Distinct().Count() == 1 && windows.Strides.Distinct().Count() == 1;
        if (isSquare && Padding(windows.Pads, windows.Kernels[0], windows.IsSame) is { } padding)
            return Square(input, padding);
        if (isSquare && isMax && input.Code.IsNotNegative)
            return Square(windows.Padded(input, windows.Pads), "");

        // The maximum of a window is that of the maxima of its rows, and so is the mean: one axis after the other.
        for (var axis = 0; axis < windows.Rank; axis++)
            input = AlongAxis(windows, input, axis, kind);
        return input;

        Tensor Square(Tensor arranged, string padding) =>
            arranged.With(Code.Call(arranged.Code, $"{kind}{windows.Rank}D({windows.Kernels[0]}{Stride(windows.Kernels[0], windows.Strides[0])}{padding})"));
    }

    private static Tensor AlongAxis(Windows windows, Tensor input, int axis, string kind)
    {
        var (kernel, stride, before, behind) = (windows.Kernels[axis], windows.Strides[axis], windows.Pads[axis], windows.Pads[axis + windows.Rank]);
        if (kernel == 1 && stride == 1 && before == 0 && behind == 0) return input;
        if (windows.Dilations[axis] > 1) return Dilated(windows, input, axis, kind);
        int[] order = [axis + 2, .. Enumerable.Range(2, windows.Rank).Where(other => other != axis + 2), 1];
        var first = input.Arranged(order);
        int[] rest = [.. first.CodeSizes.Skip(1)];
        var size = input.Shape[axis + 2];
        var code = order.Length > 2 ? Code.Call(first.Code, $"Reshape({size}, {rest.Aggregate(1, (product, extent) => product * extent)})") : first.Code;
        var padding = Padding([before, behind], kernel, isSame: false);
        if (padding is null)
        {
            windows.Node.Require(size + before + behind < 1 << 16, $"an axis of {size} positions with different padding on its sides is too long.");
            code = Code.Call(code, $"Pad({before}, {behind})");
            if (kind == "MaxPool" && !first.Code.IsNotNegative) code = new Code($"{{0}} + {Windows.Outside(size, before, behind, Lowest)}", Precedence.Sum, code);
        }

        code = Code.Call(code, $"{kind}1D({kernel}{Stride(kernel, stride)}{padding})");
        var positions = ((size + before + behind - kernel) / stride) + 1;
        if (padding is null && kind == "AveragePool") code = new Code($"{{0}} * {Column(Corrections(size, kernel, 1, stride, before, positions))}", Precedence.Product, code);
        if (order.Length > 2) code = Code.Call(code, $"Reshape({positions}, {string.Join(", ", rest)})");
        var shape = (long[])input.Shape.Clone();
        shape[axis + 2] = positions;
        return new Tensor(shape, input.BatchAxis, order, code).Arranged([.. Enumerable.Range(2, windows.Rank), 1]);
    }

    /// <summary>
    /// Windows whose elements are apart. The axis is divided in two, so that the elements of a window are adjacent along the outer one, and a pool of adjacent elements is the result for windows that begin anywhere.
    /// </summary>
    private static Tensor Dilated(Windows windows, Tensor input, int axis, string kind)
    {
        var (node, at) = (windows.Node, axis + 2);
        var (size, kernel, stride, dilation, before, behind) = (input.Shape[at], windows.Kernels[axis], windows.Strides[axis], windows.Dilations[axis], windows.Pads[axis], windows.Pads[axis + windows.Rank]);
        var positions = ((size + before + behind - windows.Extent(axis)) / stride) + 1;
        var padded = before + behind > 0 ? Selections.Constantly(node, input, at, before, behind, kind == "MaxPool" ? Lowest : 0) : input;

        int[] order = [at, .. Enumerable.Range(2, windows.Rank).Where(other => other != at), 1];
        var first = padded.Arranged(order);
        var (rest, outer) = (Sizes.Product(order.Skip(1).Select(other => input.Shape[other])), (first.Shape[at] + dilation - 1) / dilation);
        var more = (outer * dilation) - first.Shape[at];
        var code = Code.Call(first.Code, $"Reshape({first.Shape[at]}, {rest})");
        if (more > 0) code = Code.Call(code, $"Pad(0, {more})");
        code = Code.Call(Code.Call(code, $"Reshape({outer}, {dilation * rest})"), $"{kind}1D({kernel}{Stride(kernel, 1)})");
        var starts = (outer - kernel + 1) * dilation;
        var shape = (long[])input.Shape.Clone();
        shape[at] = starts;
        var all = new Tensor(shape, input.BatchAxis, order, code);
        all = all with { Code = Code.Call(code, $"Reshape({string.Join(", ", all.CodeSizes)})") };
        var pooled = stride == 1 ? Movements.Slice(node, all, at, 0, positions) : Strides.At(all, at, 0, stride, positions);
        if (kind == "AveragePool" && before + behind > 0)
        {
            float[] corrections = [.. Corrections(size, kernel, dilation, stride, before, positions).Select(value => (float)value)];
            pooled = Arithmetic.Multiply(node, pooled, Constant.Of([positions, .. Enumerable.Repeat(1L, windows.Rank - 1 - axis)], corrections));
        }

        return pooled.Arranged([.. Enumerable.Range(2, windows.Rank), 1]);
    }

    /// <summary>The mean over all elements of a window, zeros outside included, becomes that over the elements inside.</summary>
    private static IEnumerable<double> Corrections(long size, long kernel, long dilation, long stride, long before, long positions)
    {
        for (var position = 0; position < positions; position++)
        {
            var start = (position * stride) - before;
            var inside = Enumerable.Range(0, (int)kernel).Count(element => start + (element * dilation) is var index && index >= 0 && index < size);
            yield return inside == 0 ? 0 : (double)kernel / inside;
        }
    }

    private static string Column(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return $"Tensor.Constant([{string.Join(", ", all.Select(Numbers.Text))}], {all.Length}, 1)";
    }

    private static string Stride(long kernel, long stride) => Numbers.Argument("stride", stride, kernel);

    /// <summary>Returns the argument for padding; null if the layer has none that is the same.</summary>
    private static string? Padding(long[] pads, long kernel, bool isSame)
    {
        if (Array.TrueForAll(pads, pad => pad == 0)) return "";
        if (isSame) return ", padding: Padding.Same";
        return Array.TrueForAll(pads, pad => pad == pads[0]) && pads[0] <= kernel / 2 ? $", paddingSize: {pads[0]}" : null;
    }

    private static void GlobalAverage(Node node)
    {
        var input = node.Tensor(0);
        int[] positions = [.. Enumerable.Range(2, input.Rank - 2)];
        var arranged = input.Arranged([.. positions, 1]);
        long[] shape = [input.Shape[0], input.Shape[1], .. positions.Select(_ => 1L)];
        node.Set(0, positions.Length is 1 or 2
            ? new Tensor(shape, input.BatchAxis, [1], Code.Call(arranged.Code, "GlobalAveragePool()"))
            : Reductions.Over(node, input, positions, "Mean") with { Shape = shape });
    }

    private static void GlobalMax(Node node)
    {
        var input = node.Tensor(0);
        int[] positions = [.. Enumerable.Range(2, input.Rank - 2)];
        node.Set(0, Reductions.Over(node, input, positions, "Max") with { Shape = [input.Shape[0], input.Shape[1], .. positions.Select(_ => 1L)] });
    }
}
