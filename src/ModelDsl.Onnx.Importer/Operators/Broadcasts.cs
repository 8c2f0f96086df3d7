using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Operations on the elements of two values, whose axes are matched from the last one on.</summary>
internal static class Broadcasts
{
    /// <summary>Joins two values of which at least one is a tensor.</summary>
    /// <param name="node">The node.</param>
    /// <param name="left">The left value.</param>
    /// <param name="right">The right value.</param>
    /// <param name="format">The expression, with <c>{0}</c> and <c>{1}</c>.</param>
    /// <param name="precedence">How strongly it binds.</param>
    public static Tensor Join(Node node, Value left, Value right, string format, Precedence precedence)
    {
        var rank = Math.Max(left.Rank, right.Rank);
        return (left, right) switch
        {
            (Tensor a, Tensor b) => Tensors(node, a.WithRank(rank), b.WithRank(rank), format, precedence),
            (Tensor a, Constant b) => WithConstant(node, a.WithRank(rank), b.WithRank(rank), format, precedence, isRight: true),
            (Constant a, Tensor b) => WithConstant(node, b.WithRank(rank), a.WithRank(rank), format, precedence, isRight: false),
            _ => throw node.Unsupported("both inputs are constants that cannot be computed during the import."),
        };
    }

    /// <summary>Returns the sizes of two values together; fails if they do not match.</summary>
    public static long[] Shape(Node node, IReadOnlyList<long> a, IReadOnlyList<long> b)
    {
        var rank = Math.Max(a.Count, b.Count);
        var shape = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var (m, n) = (At(a), At(b));
            node.Check(m == n || m == 1 || n == 1, $"the shapes {Sizes.Text(a)} and {Sizes.Text(b)} do not match.");
            shape[axis] = m == 1 ? n : m;

            long At(IReadOnlyList<long> sizes) => axis - (rank - sizes.Count) is >= 0 and var own ? sizes[own] : 1;
        }

        return shape;
    }

    /// <summary>Fails if a constant has the number of samples, or a multiple of it: it is known in shapes only, and a model computes any number of samples.</summary>
    public static void RequireNoSamples(Node node, Constant constant)
    {
        if (constant.IsTrained) return;
        var hasSamples = constant.IsInteger ? Array.Exists(constant.Integers, value => value != 0 && value % Sizes.Batch == 0) : Array.Exists(constant.Floats, value => value != 0 && Math.Abs(value) < 1e12f && value % Sizes.Batch == 0);
        node.Require(!hasSamples, "it computes with the number of samples, which is not known when the project is built.");
    }

    private static Tensor Tensors(Node node, Tensor a, Tensor b, string format, Precedence precedence)
    {
        var shape = Shape(node, a.Shape, b.Shape);
        node.Require(a.BatchAxis == b.BatchAxis, $"the samples are axis {a.BatchAxis} of one input and axis {b.BatchAxis} of the other.");
        var order = Order(a.Axes.Length >= b.Axes.Length ? a : b, a.Axes.Length >= b.Axes.Length ? b : a);
        var (left, right) = (For(a, order), For(b, order));
        return new(shape, a.BatchAxis, order, new Code(format, precedence, left.Code, right.Code)) { Kind = a.Kind == b.Kind ? a.Kind : ElementKind.Float };
    }

    private static Tensor WithConstant(Node node, Tensor tensor, Constant constant, string format, Precedence precedence, bool isRight)
    {
        var shape = Shape(node, tensor.Shape, constant.Shape);
        RequireNoSamples(node, constant);
        var kind = constant.IsInteger ? tensor.Kind : ElementKind.Float;
        var isLarger = Enumerable.Range(0, shape.Length).Any(axis => tensor.Shape[axis] != shape[axis]);
        if (!isLarger && (!constant.IsTrained || constant.Count == 1) && constant.Uniform is { } number)
        {
            var text = Numbers.Operand(constant.IsInteger ? number : Numbers.Exact((float)number));
            var own = isRight ? format.Replace("{1}", text, StringComparison.Ordinal) : format.Replace("{0}", text, StringComparison.Ordinal).Replace("{1}", "{0}", StringComparison.Ordinal);
            return tensor.Map(code => new Code(own, precedence, code) { IsRightOperand = !isRight }) with { Shape = shape, Kind = kind };
        }

        node.Require(tensor.BatchAxis < 0 || constant.Shape[tensor.BatchAxis] == 1, $"a constant of shape {Sizes.Text(constant.Shape)} has a value for each sample.");
        int[] order = isLarger ? [.. tensor.SampleAxes.Where(axis => shape[axis] != 1)] : tensor.Axes;
        var arranged = For(tensor, order);
        var weight = node.Scope.Weight(Ordered(constant, order), node, string.Join(",", order));
        return new(shape, tensor.BatchAxis, order, isRight ? new Code(format, precedence, arranged.Code, weight) : new Code(format, precedence, weight, arranged.Code)) { Kind = kind };
    }

    /// <summary>Returns the constant in the order of axes, without axes of size 1 at its beginning.</summary>
    private static Constant Ordered(Constant constant, int[] order)
    {
        int[] all = [.. Enumerable.Range(0, constant.Rank).Where(axis => !order.Contains(axis)), .. order];
        var transposed = constant.Transposed(all);
        long[] sizes = [.. order.Select(axis => constant.Shape[axis]).SkipWhile(size => size == 1)];
        return transposed.WithShape(sizes.Length == 0 ? [1] : sizes);
    }

    /// <summary>The axes that one of two tensors has, in the order of the first if it has all of them.</summary>
    private static int[] Order(Tensor first, Tensor second) =>
        second.Axes.All(first.Axes.Contains) ? first.Axes : [.. first.SampleAxes.Where(axis => first.Axes.Contains(axis) || second.Axes.Contains(axis))];

    /// <summary>Returns a tensor with its axes in an order. Those of size 1 are needed between others, and not at the beginning.</summary>
    private static Tensor For(Tensor tensor, int[] order)
    {
        if (tensor.Axes.SequenceEqual(order)) return tensor;
        int[] needed = [.. order.SkipWhile(axis => tensor.Shape[axis] == 1)];
        return tensor.Axes.SequenceEqual(needed) || (needed.Length == 0 && tensor.CodeSizes is [1]) ? tensor : tensor.Arranged(needed);
    }
}
