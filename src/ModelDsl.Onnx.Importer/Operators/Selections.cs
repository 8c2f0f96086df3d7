using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Operators that select elements by indices: rows of tables, ranges, single elements.</summary>
internal static class Selections
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Gather", Gather), new("Slice", Slice), new("Pad", Pad)];

    /// <summary>Returns the elements of an axis at indices.</summary>
    public static Tensor At(Node node, Tensor input, int axis, long[] indices)
    {
        var size = input.Shape[axis];
        node.Check(indices.All(index => index >= 0 && index < size), $"an index is outside of axis {axis} of {Sizes.Text(input.Shape)}.");
        node.Require(axis != input.BatchAxis, "it selects some of the samples.");
        if (indices.Select((index, number) => index - number).Distinct().Count() == 1) return Movements.Slice(node, input, axis, indices[0], indices.Length);

        if (indices.Length > 1 && indices[1] - indices[0] is > 1 and var step && indices.Select((index, number) => index - (step * number)).Distinct().Count() == 1)
            return Strides.At(input, axis, indices[0], step, indices.Length);

        // A product with a matrix of zeros and ones.
        var matrix = new float[Folding.Folder.Count(node, [size, indices.Length])];
        for (var column = 0; column < indices.Length; column++) matrix[(indices[column] * indices.Length) + column] = 1;
        return Matrices.Layer(node, input, axis, Constant.Of([size, indices.Length], matrix), null, isFrozen: true);
    }

    private static void Gather(Node node)
    {
        var (data, indices) = (node.Input(0), node.Input(1));
        var axis = node.Axis(node.Int("axis", 0), data.Rank);
        if (indices is Tensor ids)
        {
            node.Set(0, Rows(node, data, ids, axis));
            return;
        }

        var input = node.Tensor(0);
        var known = node.Constant(1);
        node.Require(known.Count <= 1 << 16, $"{known.Count:N0} indices are more than the 65,536 that are supported.");
        var size = input.Shape[axis];
        long[] at = [.. Enumerable.Range(0, (int)known.Count).Select(index => known.Integer(index)).Select(index => index < 0 ? index + size : index)];
        if (axis == input.BatchAxis) throw node.Unsupported("it selects some of the samples.");
        var selected = At(node, input, axis, at);
        node.Set(0, known.Rank switch
        {
            0 => Movements.WithoutAxes(selected, [axis]),
            1 => selected,
            _ => Reshapes.Reshape(node, selected, [.. input.Shape[..axis], .. known.Shape, .. input.Shape[(axis + 1)..]]),
        });
    }

    /// <summary>Returns the rows of a table for ids of tokens.</summary>
    public static Tensor Rows(Node node, Value data, Tensor ids, int axis, bool isFrozen = false)
    {
        if (data is not Constant { Rank: 2 } table || axis != 0) throw node.Unsupported("indices that the model computes are supported for the rows of a constant table only.");
        node.Require(ids.Kind == ElementKind.Token, "its indices are computed by the model, and are not an input.");
        var (rows, width) = (table.Shape[0], table.Shape[1]);
        var source = ids.Natural();
        var code = ids.Code.Tokens == rows && !isFrozen
            ? node.Layer(source.Code, $"Embedding({width}", [table], new WeightTensor("weight", table.Shape, () => table.All()))
            : new Code("{0}.Gather({1})", Precedence.Primary, node.Scope.Weight(table, node), source.Code);
        if (source.Axes.Length == 0) code = Code.Call(code, $"Reshape({width})");
        return new([.. ids.Shape, width], ids.BatchAxis, [.. source.Axes, ids.Rank], code);
    }

    private static void Slice(Node node)
    {
        var input = node.Input(0) as Tensor ?? throw node.Unsupported("it slices a constant by ranges that the model computes.");
        var starts = node.Integers(1) ?? node.Ints("starts") ?? throw node.Damaged("it has no starts.");
        var ends = node.Integers(2) ?? node.Ints("ends") ?? throw node.Damaged("it has no ends.");
        var axes = node.Integers(3) ?? node.Ints("axes") ?? [.. Enumerable.Range(0, starts.Length)];
        var steps = node.Integers(4) ?? [.. starts.Select(_ => 1L)];
        node.Check(starts.Length == ends.Length && axes.Length == starts.Length && steps.Length == starts.Length, "starts, ends, axes and steps do not have the same length.");
        var result = input;
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = node.Axis(axes[i], input.Rank);
            long[] indices = [.. Ranges.Indices(node, input.Shape[axis], starts[i], ends[i], steps[i])];
            if (axis == input.BatchAxis && indices.Length == input.Shape[axis]) continue;
            node.Require(indices.Length > 0, "the result has no elements.");
            result = At(node, result, axis, indices);
        }

        node.Set(0, result);
    }

    private static void Pad(Node node)
    {
        var input = node.Tensor(0);
        var pads = node.Integers(1) ?? node.Ints("pads") ?? node.Ints("paddings") ?? throw node.Damaged("it has no pads.");
        int[] axes = node.Has(3) ? [.. node.Integers(3)!.Select(axis => node.Axis(axis, input.Rank))] : [.. Enumerable.Range(0, input.Rank)];
        node.Check(pads.Length == 2 * axes.Length, $"there are {pads.Length} pads for {axes.Length} axes.");
        var mode = node.Text("mode", "constant");
        var value = node.Has(2) ? Numbers.Exact((float)(node.Constant(2).Uniform ?? 0)) : node.Float("value", 0);
        var result = input;
        for (var i = 0; i < axes.Length; i++)
        {
            var (axis, before, behind) = (axes[i], pads[i], pads[i + axes.Length]);
            if (before == 0 && behind == 0) continue;
            node.Require(axis != input.BatchAxis, "it adds samples.");
            var start = Math.Max(0, -before);
            result = Movements.Slice(node, result, axis, start, result.Shape[axis] - start - Math.Max(0, -behind));
            (before, behind) = (Math.Max(0, before), Math.Max(0, behind));
            node.Require(Math.Max(before, behind) <= Sizes.MostComputed, $"it adds {Math.Max(before, behind):N0} positions to axis {axis}, which is too many.");
            if (mode != "constant") Folding.Folder.Count(node, [before + result.Shape[axis] + behind]);
            if (before + behind > 0) result = mode == "constant" ? Constantly(node, result, axis, before, behind, value) : At(node, result, axis, [.. Mirrored(node, mode, result.Shape[axis], before, behind)]);
        }

        node.Set(0, result);
    }

    /// <summary>Pads one axis with a number. The layer pads positions, and the last axis has the channels.</summary>
    public static Tensor Constantly(Node node, Tensor input, int axis, long before, long behind, double value)
    {
        int[] order = [axis, .. input.Axes.Where(other => other != axis)];
        var arranged = input.Arranged(order);
        var size = input.Shape[axis];
        long[] rest = [.. order.Skip(1).Select(other => input.Shape[other])];
        var code = rest.Length == 1 ? arranged.Code : Code.Call(arranged.Code, $"Reshape({size}, {Sizes.Product(rest)})");
        code = Code.Call(code, $"Pad({before}, {behind})");
        if (value != 0) code = new Code($"{{0}} + {Windows.Outside(size, before, behind, value)}", Precedence.Sum, code);
        if (rest.Length != 1) code = Code.Call(code, $"Reshape({string.Join(", ", [before + size + behind, .. rest])})");
        var shape = (long[])input.Shape.Clone();
        shape[axis] = before + size + behind;
        return new Tensor(shape, input.BatchAxis, order, code) { Kind = input.Kind }.Arranged([.. input.Axes.Contains(axis) ? input.Axes : order]);
    }

    private static IEnumerable<long> Mirrored(Node node, string mode, long size, long before, long behind)
    {
        for (var index = -before; index < size + behind; index++)
        {
            yield return mode switch
            {
                "edge" => Math.Clamp(index, 0, size - 1),
                "wrap" => ((index % size) + size) % size,
                "reflect" => size == 1 ? 0 : Math.Abs(index) is var distance && distance % (2 * (size - 1)) is var at && at < size ? at : (2 * (size - 1)) - (Math.Abs(index) % (2 * (size - 1))),
                _ => throw node.Unsupported($"the mode '{mode}' is not supported."),
            };
        }
    }
}
