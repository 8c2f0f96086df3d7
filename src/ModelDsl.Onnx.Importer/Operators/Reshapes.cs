using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Importing;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Other sizes for the same elements in the order of the file.</summary>
internal static class Reshapes
{
    /// <summary>Returns the sizes that a node asks for: 0 for that of the input, −1 for what remains, and 1 for the samples of a file that was exported for one.</summary>
    public static long[] Target(Node node, Tensor input, long[] given)
    {
        var tensor = input.Apart ?? input;
        var target = (long[])given.Clone();
        for (var axis = 0; axis < target.Length && node.Int("allowzero", 0) == 0; axis++)
        {
            if (target[axis] == 0) target[axis] = axis < input.Rank ? input.Shape[axis] : throw node.Damaged($"size {axis} is that of an axis that the input {Sizes.Text(input.Shape)} does not have.");
        }

        var total = Sizes.Product(input.Shape);
        var open = Array.IndexOf(target, -1);
        if (open >= 0)
        {
            var others = Sizes.Product(target.Where((_, axis) => axis != open));
            node.Check(others > 0 && total % others == 0, Misfit());
            target[open] = total / others;
        }

        if (input.BatchAxis < 0 || target.Where((_, axis) => axis != open).Any(size => size > 0 && size % Sizes.Batch == 0) || target.Contains(Sizes.Batch)) return Checked();

        // A file for one sample has a 1 where the samples are.
        var one = target.Length > input.BatchAxis && target[input.BatchAxis] == 1 ? input.BatchAxis : Array.IndexOf(target, 1);
        var isElsewhere = one < 0 || Sizes.Product(target[..one]) != Sizes.Product(tensor.Shape[..tensor.BatchAxis]);
        if (isElsewhere && JoinedAxis.ForOneSample(tensor, target) is { } joined)
        {
            target[joined] *= Sizes.Batch;
            return Checked();
        }

        if (one < 0) return Checked();

        target[one] = Sizes.Batch;
        if (open >= 0 && target[open] % Sizes.Batch == 0) target[open] /= Sizes.Batch;
        return Checked();

        string Misfit() => $"the input {Sizes.Text(input.Shape)} cannot be reshaped to {Sizes.Text(given)}.";

        long[] Checked()
        {
            node.Check(Sizes.CountOf(target) == total, Misfit());
            return target;
        }
    }

    /// <summary>Returns a tensor with other sizes.</summary>
    public static Tensor Reshape(Node node, Tensor tensor, long[] shape)
    {
        var input = tensor.Apart ?? tensor.Unflattened ?? tensor;
        if (JoinedAxis.Within(input, shape) is var (apart, joined)) return JoinedAxis.Join(Reshape(node, input, apart), joined);

        var batch = -1;
        if (input.BatchAxis >= 0)
        {
            batch = Array.IndexOf(shape, Sizes.Batch);
            node.Require(
                batch >= 0 && Sizes.Product(shape[..batch]) == Sizes.Product(input.Shape[..input.BatchAxis]),
                $"reshaping {Sizes.Text(input.Shape)} to {Sizes.Text(shape)} joins samples with another axis, or moves them.");
        }

        int[] from = [.. input.SampleAxes.Where(axis => input.Shape[axis] != 1)];
        int[] to = [.. Enumerable.Range(0, shape.Length).Where(axis => axis != batch && shape[axis] != 1)];
        if (InPlace(input, from, shape, to) is { } order)
        {
            var result = new Tensor(shape, batch, order, input.Code) { Kind = input.Kind };
            return result.CodeSizes.SequenceEqual(input.CodeSizes) ? result : With(result, input.Code);
        }

        return to.Length == 1 ? Tensor.Flatten(input, shape, batch, to[0]) : With(new Tensor(shape, batch, to, input.Code) { Kind = input.Kind }, input.Natural().Code);

        static Tensor With(Tensor result, Code code) => result with { Code = Code.Call(code, $"Reshape({string.Join(", ", result.CodeSizes)})") };
    }

    /// <summary>
    /// Returns the new axes in the order of the expression, if it need not be transposed: axes that are divided or joined are adjacent in the expression, in the order of the file. Null otherwise.
    /// </summary>
    private static int[]? InPlace(Tensor input, int[] from, long[] shape, int[] to)
    {
        var groups = new Dictionary<int, (int[] From, int[] To)>();
        var (i, j) = (0, 0);
        while (i < from.Length)
        {
            var (a, b) = (i, j);
            var (left, right) = (input.Shape[from[i++]], j < to.Length ? shape[to[j++]] : 1);
            while (left != right)
            {
                if (left < right && i < from.Length) left *= input.Shape[from[i++]];
                else if (right < left && j < to.Length) right *= shape[to[j++]];
                else return null;
            }

            groups.Add(from[a], (from[a..i], to[b..j]));
        }

        var order = new List<int>();
        int[] own = [.. input.Axes.Where(axis => input.Shape[axis] != 1)];
        for (var at = 0; at < own.Length;)
        {
            if (!groups.TryGetValue(own[at], out var group) || !own.Skip(at).Take(group.From.Length).SequenceEqual(group.From)) return null;
            order.AddRange(group.To);
            at += group.From.Length;
        }

        return [.. order];
    }
}
