using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Folding;

/// <summary>Operators that move elements.</summary>
internal static class MovementFolds
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Folds =>
    [
        new("Identity", node => node.Set(0, node.Constant(0))),
        new("Reshape", Reshape),
        new("Flatten", node => node.Set(0, node.Constant(0).WithShape(Movements.Matrix(node, node.Input(0))))),
        new("Squeeze", Squeeze),
        new("Unsqueeze", Unsqueeze),
        new("Transpose", Transpose),
        new("Expand", Expand),
        new("Slice", Slice),
        new("Gather", Gather),
    ];

    /// <summary>Returns the elements at positions in the row-major order.</summary>
    public static Constant At(Node node, Constant constant, long[] shape, Func<long, long> position)
    {
        var count = Folder.Count(node, shape);
        if ((constant.IsInteger ? constant.Integers.Length : constant.Floats.Length) == 1 && count > 0) return constant.WithShape(shape);
        if (constant.IsInteger)
        {
            var (integers, result) = (constant.Integers, new long[count]);
            for (var i = 0; i < count; i++) result[i] = integers[position(i)];
            return Constant.Of(shape, result, constant.Source.Length > 0 ? node.Name : "");
        }

        var (floats, moved) = (constant.Floats, new float[count]);
        for (var i = 0; i < count; i++) moved[i] = floats[position(i)];
        return Constant.Of(shape, moved, node.Name, constant.IsTrained);
    }

    /// <summary>Returns the elements of an axis at indices.</summary>
    public static Constant Along(Node node, Constant constant, int axis, long[] indices)
    {
        var shape = (long[])constant.Shape.Clone();
        shape[axis] = indices.Length;
        node.Check(indices.All(index => index >= 0 && index < constant.Shape[axis]), $"an index is outside of axis {axis} of {Sizes.Text(constant.Shape)}.");
        var inner = Sizes.Product(shape[(axis + 1)..]);
        return At(node, constant, shape, i => (((i / inner / indices.Length * constant.Shape[axis]) + indices[i / inner % indices.Length]) * inner) + (i % inner));
    }

    private static void Reshape(Node node)
    {
        var input = node.Constant(0);
        var target = node.Integers(1) ?? node.Ints("shape") ?? throw node.Damaged("it has no shape.");
        for (var axis = 0; axis < target.Length; axis++)
        {
            if (target[axis] == 0 && node.Int("allowzero", 0) == 0) target[axis] = input.Shape[axis];
        }

        var open = Array.IndexOf(target, -1);
        if (open >= 0) target[open] = Sizes.Product(input.Shape) / Math.Max(1, Sizes.Product(target.Where((_, axis) => axis != open)));
        node.Check(Sizes.CountOf(target) == Sizes.Product(input.Shape), $"{Sizes.Text(input.Shape)} cannot be reshaped to {Sizes.Text(target)}.");
        node.Set(0, input.WithShape(target));
    }

    private static void Squeeze(Node node)
    {
        var input = node.Constant(0);
        var given = (node.Integers(1) ?? node.Ints("axes"))?.Select(axis => node.Axis(axis, input.Rank)).ToArray();
        node.Check(given is null || given.All(axis => input.Shape[axis] == 1), "it removes an axis that has more than one element.");
        node.Set(0, input.WithShape([.. input.Shape.Where((size, axis) => given is null ? size != 1 : !given.Contains(axis))]));
    }

    private static void Unsqueeze(Node node)
    {
        var given = node.Integers(1) ?? node.Ints("axes") ?? throw node.Damaged("it has no axes.");
        node.Set(0, Movements.WithAxes(node.Constant(0), [.. given.Select(axis => node.Axis(axis, node.Input(0).Rank + given.Length))]));
    }

    private static void Transpose(Node node)
    {
        var input = node.Constant(0);
        int[] order = [.. (node.Ints("perm") ?? [.. Enumerable.Range(0, input.Rank).Reverse()]).Select(axis => node.Axis(axis, input.Rank))];
        node.Check(order.Distinct().Count() == input.Rank, "its order does not have each axis once.");
        node.Set(0, input.Transposed(order));
    }

    private static void Expand(Node node)
    {
        var input = node.Constant(0);
        var shape = Broadcasts.Shape(node, input.Shape, node.Integers(1)!);

        // A value for all samples is broadcast where it is read.
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var own = axis - (shape.Length - input.Rank);
            if (shape[axis] == Sizes.Batch && (own < 0 || input.Shape[own] == 1) && input.Floats.Length > 1) shape[axis] = 1;
        }

        var positions = new Repeated(input, shape);
        node.Set(0, positions.IsSingle ? input.WithShape(shape) : At(node, input, shape, i => positions[i]));
    }

    private static void Slice(Node node)
    {
        var result = node.Constant(0);
        var starts = node.Integers(1) ?? node.Ints("starts") ?? throw node.Damaged("it has no starts.");
        var ends = node.Integers(2) ?? node.Ints("ends") ?? throw node.Damaged("it has no ends.");
        var axes = node.Integers(3) ?? node.Ints("axes") ?? [.. Enumerable.Range(0, starts.Length)];
        var steps = node.Integers(4) ?? [.. starts.Select(_ => 1L)];
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = node.Axis(axes[i], result.Rank);
            Folder.Count(node, [result.Shape[axis]]);
            result = Along(node, result, axis, [.. Ranges.Indices(node, result.Shape[axis], starts[i], ends[i], steps[i])]);
        }

        node.Set(0, result);
    }

    private static void Gather(Node node)
    {
        var (data, indices) = (node.Constant(0), node.Constant(1));
        var axis = node.Axis(node.Int("axis", 0), data.Rank);
        var size = data.Shape[axis];
        var count = Folder.Count(node, [.. data.Shape[..axis], .. indices.Shape, .. data.Shape[(axis + 1)..]]);
        long[] at = [.. Enumerable.Range(0, count == 0 ? 0 : (int)indices.Count).Select(i => indices.Integer(i)).Select(index => index < 0 ? index + size : index)];
        node.Set(0, Along(node, data, axis, at).WithShape([.. data.Shape[..axis], .. indices.Shape, .. data.Shape[(axis + 1)..]]));
    }
}
