using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Operators that move elements and do not change them. Most of them change only which axis of the file an axis of the expression is.</summary>
internal static class Movements
{
    private const long MostRepeats = 10_000;

    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        new("Reshape", node => node.Set(0, Reshapes.Reshape(node, node.Tensor(0), Reshapes.Target(node, (Tensor)node.Input(0), node.Integers(1) ?? node.Ints("shape") ?? throw node.Damaged("it has no shape."))))),
        new("Flatten", Flatten),
        new("Transpose", node => node.Set(0, Transposed(Any(node), [.. (node.Ints("perm") ?? [.. Enumerable.Range(0, node.Input(0).Rank).Reverse()]).Select(axis => node.Axis(axis, node.Input(0).Rank))]))),
        new("Squeeze", Squeeze),
        new("Unsqueeze", Unsqueeze),
        new("Concat", Concat),
        new("Split", Split),
        new("Expand", node => node.Set(0, Expanded(node, node.Tensor(0), Broadcasts.Shape(node, node.Input(0).Shape, node.Integers(1)!)))),
        new("Tile", Tile),
        new("DepthToSpace", DepthToSpace),
        new("SpaceToDepth", SpaceToDepth),
    ];

    /// <summary>Returns a value with its axes in another order.</summary>
    public static Value Transposed(Value value, int[] order) => value switch
    {
        Tensor tensor => tensor with
        {
            Shape = [.. order.Select(axis => tensor.Shape[axis])],
            BatchAxis = tensor.BatchAxis < 0 ? -1 : Array.IndexOf(order, tensor.BatchAxis),
            Axes = [.. tensor.Axes.Select(axis => Array.IndexOf(order, axis))],
        },
        _ => ((Constant)value).Transposed(order),
    };

    /// <summary>Returns a value with more axes of size 1.</summary>
    /// <param name="value">The value.</param>
    /// <param name="added">The new axes, counted in the result.</param>
    public static Value WithAxes(Value value, IReadOnlyCollection<int> added)
    {
        var rank = value.Rank + added.Count;
        int[] kept = [.. Enumerable.Range(0, rank).Where(axis => !added.Contains(axis))];
        var shape = new long[rank];
        Array.Fill(shape, 1);
        for (var axis = 0; axis < kept.Length; axis++) shape[kept[axis]] = value.Shape[axis];
        return value switch
        {
            Tensor tensor => tensor with { Shape = shape, BatchAxis = tensor.BatchAxis < 0 ? -1 : kept[tensor.BatchAxis], Axes = [.. tensor.Axes.Select(axis => kept[axis])] },
            _ => ((Constant)value).WithShape(shape),
        };
    }

    /// <summary>Returns a tensor without axes of size 1.</summary>
    public static Tensor WithoutAxes(Tensor tensor, IReadOnlyCollection<int> removed)
    {
        var own = tensor.Axes.Any(removed.Contains) ? tensor.Arranged([.. tensor.Axes.Where(axis => !removed.Contains(axis))]) : tensor;
        int[] kept = [.. Enumerable.Range(0, tensor.Rank).Where(axis => !removed.Contains(axis))];
        return own with
        {
            Shape = [.. kept.Select(axis => tensor.Shape[axis])],
            BatchAxis = tensor.BatchAxis < 0 ? -1 : Array.IndexOf(kept, tensor.BatchAxis),
            Axes = [.. own.Axes.Select(axis => Array.IndexOf(kept, axis))],
        };
    }

    /// <summary>Returns a range of an axis.</summary>
    public static Tensor Slice(Node node, Tensor tensor, int axis, long start, long length)
    {
        if (start == 0 && length == tensor.Shape[axis]) return tensor;
        node.Require(axis != tensor.BatchAxis, "it selects some of the samples.");
        node.Require(length > 0, "the result has no elements.");
        var shape = (long[])tensor.Shape.Clone();
        shape[axis] = length;
        return new(shape, tensor.BatchAxis, tensor.Axes, Code.Call(tensor.Code, $"Slice({start}, {length}, axis: {tensor.PositionOf(axis)})")) { Kind = tensor.Kind };
    }

    /// <summary>Returns a tensor with axes of size 1 repeated, so that it has a shape.</summary>
    public static Tensor Expanded(Node node, Tensor tensor, long[] shape)
    {
        var own = tensor.WithRank(shape.Length);
        if (own.Shape.SequenceEqual(shape)) return own;
        node.Require(own.BatchAxis < 0 || shape[own.BatchAxis] == own.Shape[own.BatchAxis], "it repeats the samples.");
        int[] order = [.. own.SampleAxes.Where(axis => shape[axis] != 1)];
        var arranged = own.Arranged(order);
        return new(shape, own.BatchAxis, order, new Code($"{{0}} + Tensor.Constant(0, {string.Join(", ", order.Select(axis => shape[axis]))})", Precedence.Sum, arranged.Code)) { Kind = tensor.Kind };
    }

    /// <summary>Concatenates values along an axis.</summary>
    public static Tensor Concatenated(Node node, IReadOnlyList<Value> parts, int axis)
    {
        var first = parts.OfType<Tensor>().First();
        node.Require(axis != first.BatchAxis, "it concatenates samples.");
        node.Check(parts.All(part => part.Rank == first.Rank), "its inputs do not have the same number of axes.");
        int[] order = [.. first.Axes.Where(other => other != axis), axis];
        foreach (var tensor in parts.OfType<Tensor>())
        {
            node.Require(tensor.BatchAxis == first.BatchAxis && tensor.Kind != ElementKind.Token, "its inputs do not have the same axis of samples, or are ids of tokens.");
            node.Check(Enumerable.Range(0, first.Rank).All(other => other == axis || tensor.Shape[other] == first.Shape[other]), $"the shapes {Sizes.Text(first.Shape)} and {Sizes.Text(tensor.Shape)} do not match.");
        }

        var shape = (long[])first.Shape.Clone();
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        Code[] codes = [.. parts.Select(Operand)];
        return new(shape, first.BatchAxis, order, new Code($"Tensor.Concat({string.Join(", ", codes.Select((_, index) => $"{{{index}}}"))})", Precedence.Primary, codes)) { Kind = first.Kind };

        Code Operand(Value part)
        {
            if (part is Tensor tensor) return tensor.Arranged(order).Code;
            var constant = ((Constant)part).Transposed([.. Enumerable.Range(0, part.Rank).Where(other => !order.Contains(other)), .. order]);
            long[] sizes = [.. order.Select(other => part.Shape[other])];
            node.Require(Sizes.Product(sizes) == constant.Count || constant.Uniform is not null, $"a constant of shape {Sizes.Text(part.Shape)} has values for each sample.");
            return new Code($"{{0}} + Tensor.Zeros({string.Join(", ", sizes)})", Precedence.Sum, node.Scope.Weight(constant.WithShape(sizes), node, string.Join(",", order)));
        }
    }

    private static Value Any(Node node) => node.Input(0) is Tensor ? node.Tensor(0) : node.Input(0);

    private static void Flatten(Node node)
    {
        var input = node.Tensor(0);
        node.Set(0, Reshapes.Reshape(node, input, Matrix(node, input)));
    }

    /// <summary>Returns the two sizes of a flattened value.</summary>
    public static long[] Matrix(Node node, Value value)
    {
        var axis = node.Int("axis", 1);
        if (axis < 0) axis += value.Rank;
        node.Check(axis >= 0 && axis <= value.Rank, $"axis {axis} does not exist.");
        return [Sizes.Product(value.Shape[..(int)axis]), Sizes.Product(value.Shape[(int)axis..])];
    }

    private static void Squeeze(Node node)
    {
        var input = (Tensor)node.Input(0);
        var given = node.Integers(1) ?? node.Ints("axes");
        int[] axes = given is null ? [.. input.SampleAxes.Where(axis => input.Shape[axis] == 1)] : [.. given.Select(axis => node.Axis(axis, input.Rank))];
        node.Check(axes.All(axis => input.Shape[axis] == 1 || axis == input.BatchAxis), $"it removes an axis of {Sizes.Text(input.Shape)} that has more than one element.");
        node.Require(!axes.Contains(input.BatchAxis), "it removes the axis of the samples.");
        node.Set(0, WithoutAxes(input, axes));
    }

    private static void Unsqueeze(Node node)
    {
        var given = node.Integers(1) ?? node.Ints("axes") ?? throw node.Damaged("it has no axes.");
        node.Set(0, WithAxes(node.Input(0), [.. given.Select(axis => node.Axis(axis, node.Input(0).Rank + given.Length))]));
    }

    private static void Concat(Node node)
    {
        Value[] parts = [.. node.Inputs.Select(input => input!).Where(part => part.Shape.All(size => size != 0))];
        node.Set(0, Concatenated(node, parts, node.Axis(node.Int("axis", 1), parts[0].Rank)));
    }

    private static void Split(Node node)
    {
        var input = node.Tensor(0);
        var axis = node.Axis(node.Int("axis", 0), input.Rank);
        node.Require(axis != input.BatchAxis, "it divides the samples.");
        var lengths = Parts(node, input, axis);
        var start = 0L;
        for (var part = 0; part < lengths.Length; part++)
        {
            if (node.Needs(part)) node.Set(part, Slice(node, input, axis, start, lengths[part]));
            start += lengths[part];
        }
    }

    /// <summary>Returns the lengths of the parts that an axis is divided into. The last one is shorter if they are not given and do not divide the axis.</summary>
    public static long[] Parts(Node node, Value value, int axis)
    {
        var (size, count) = (value.Shape[axis], node.Outputs.Count);
        var each = (size + count - 1) / count;
        long[] lengths = node.Integers(1) ?? node.Ints("split") ?? [.. Enumerable.Range(0, count).Select(part => Math.Min(each, size - (part * each)))];
        node.Check(lengths.Length == count && lengths.Sum() == size && lengths.All(length => length >= 0), $"the parts [{string.Join(", ", lengths)}] do not fit {Sizes.Text(value.Shape)} and {count} outputs.");
        return lengths;
    }

    private static void Tile(Node node)
    {
        Tensor result = node.Tensor(0);
        var repeats = node.Integers(1) ?? throw node.Damaged("it has no repeats.");
        node.Check(repeats.Length == result.Rank && repeats.All(repeat => repeat > 0), "it does not have a number of repeats for each axis.");
        for (var axis = 0; axis < repeats.Length; axis++)
        {
            if (repeats[axis] == 1) continue;
            node.Require(result.Shape[axis] == 1 || repeats[axis] <= MostRepeats, $"it repeats axis {axis} {repeats[axis]:N0} times, which is more than the {MostRepeats:N0} that are supported.");
            result = result.Shape[axis] == 1
                ? Expanded(node, result, [.. result.Shape.Select((size, other) => other == axis ? repeats[axis] : size)])
                : Concatenated(node, [.. Enumerable.Repeat<Value>(result, (int)repeats[axis])], axis);
        }

        node.Set(0, result);
    }

    private static void DepthToSpace(Node node)
    {
        var (input, block) = (node.Tensor(0), node.Int("blocksize", 1));
        var (n, c, h, w) = (input.Shape[0], input.Shape[1] / (block * block), input.Shape[2], input.Shape[3]);
        var isColumnFirst = node.Text("mode", "DCR") == "CRD";
        var apart = Reshapes.Reshape(node, input, isColumnFirst ? [n, c, block, block, h, w] : [n, block, block, c, h, w]);
        var moved = (Tensor)Transposed(apart, isColumnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]);
        node.Set(0, Reshapes.Reshape(node, moved, [n, c, h * block, w * block]));
    }

    private static void SpaceToDepth(Node node)
    {
        var (input, block) = (node.Tensor(0), node.Int("blocksize", 1));
        var (n, c, h, w) = (input.Shape[0], input.Shape[1], input.Shape[2] / block, input.Shape[3] / block);
        var moved = (Tensor)Transposed(Reshapes.Reshape(node, input, [n, c, h, block, w, block]), [0, 3, 5, 1, 2, 4]);
        node.Set(0, Reshapes.Reshape(node, moved, [n, c * block * block, h, w]));
    }
}
