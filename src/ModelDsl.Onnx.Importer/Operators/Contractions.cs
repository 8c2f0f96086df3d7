using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Sums of products with named axes (Einsum), as products of matrices.</summary>
internal static class Contractions
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Einsum", Einsum)];

    private static void Einsum(Node node)
    {
        var sides = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        var terms = sides[0].Split(',');
        node.Require(sides.Length == 2 && terms.Length is 1 or 2 && !sides[0].Contains('.', StringComparison.Ordinal), "equations of one or two inputs with an explicit result and without an ellipsis are supported.");
        if (terms.Length == 1)
        {
            node.Set(0, One(node, node.Tensor(0), terms[0], sides[1]));
            return;
        }

        var (a, b, result) = (terms[0], terms[1], sides[1]);
        var (left, right) = (node.Input(0), node.Input(1));
        node.Check(a.Length == left.Rank && b.Length == right.Rank, "the equation does not have a letter for each axis.");
        node.Require(new[] { a, b, result }.All(term => term.Distinct().Count() == term.Length), "a letter that is twice in one term is not supported.");
        (left, a) = Summed(node, left, a, label => b.Contains(label, StringComparison.Ordinal) || result.Contains(label, StringComparison.Ordinal));
        (right, b) = Summed(node, right, b, label => a.Contains(label, StringComparison.Ordinal) || result.Contains(label, StringComparison.Ordinal));
        var sizes = a.Zip(left.Shape).Concat(b.Zip(right.Shape)).GroupBy(pair => pair.First).ToDictionary(group => group.Key, group => group.First().Second);
        var each = Those(label => a.Contains(label, StringComparison.Ordinal) && b.Contains(label, StringComparison.Ordinal));
        var rows = Those(label => a.Contains(label, StringComparison.Ordinal) && !b.Contains(label, StringComparison.Ordinal));
        var columns = Those(label => b.Contains(label, StringComparison.Ordinal) && !a.Contains(label, StringComparison.Ordinal));
        var sum = string.Concat(a.Where(label => b.Contains(label, StringComparison.Ordinal) && !result.Contains(label, StringComparison.Ordinal)));
        if (left is Constant)
        {
            (left, right, a, b) = (right, left, b, a);
            (rows, columns) = (columns, rows);
        }

        // The rows of a product with a constant need not be joined.
        node.Require(right is Tensor || each.Length == 0, "a constant with an axis of the result that the other input has too is not supported.");
        long[] lead = Of(each);
        var first = Matrix(left, a, each + rows + sum, right is Tensor ? [.. lead, Sizes.Product(Of(rows)), Sizes.Product(Of(sum))] : [.. Of(rows), Sizes.Product(Of(sum))]);
        var second = Matrix(right, b, each + sum + columns, [.. lead, Sizes.Product(Of(sum)), Sizes.Product(Of(columns))]);
        if (first.Rank == 1) first = Movements.WithAxes(first, [0]);
        var product = Matrices.Product(node, first, second, null);
        var apart = Reshapes.Reshape(node, product, [.. lead, .. Of(rows), .. Of(columns)]);
        var order = each + rows + columns;
        node.Set(0, Movements.Transposed(apart, [.. result.Select(label => order.IndexOf(label, StringComparison.Ordinal))]));

        string Those(Func<char, bool> isOne) => string.Concat(result.Where(isOne));
        long[] Of(string labels) => [.. labels.Select(label => sizes[label])];

        Value Matrix(Value value, string labels, string wanted, long[] shape)
        {
            var moved = Movements.Transposed(value, [.. wanted.Select(label => labels.IndexOf(label, StringComparison.Ordinal))]);
            return moved is Tensor tensor ? Reshapes.Reshape(node, tensor, shape) : ((Constant)moved).WithShape(shape);
        }
    }

    /// <summary>A sum over axes of one input, and another order of the rest.</summary>
    private static Tensor One(Node node, Tensor input, string labels, string result)
    {
        node.Check(labels.Length == input.Rank, "the equation does not have a letter for each axis.");
        node.Require(new[] { labels, result }.All(term => term.Distinct().Count() == term.Length), "a letter that is twice in one term is not supported.");
        node.Check(result.All(labels.Contains), "the result has a letter that the input does not have.");
        var (sum, kept) = Summed(node, input, labels, result.Contains);
        return (Tensor)Movements.Transposed(sum, [.. result.Select(label => kept.IndexOf(label, StringComparison.Ordinal))]);
    }

    /// <summary>Sums over the axes that only one input has.</summary>
    private static (Value Value, string Labels) Summed(Node node, Value value, string labels, Func<char, bool> isKept)
    {
        int[] axes = [.. Enumerable.Range(0, labels.Length).Where(axis => !isKept(labels[axis]))];
        if (axes.Length == 0) return (value, labels);
        node.Require(value is Tensor, "a sum over an axis of a constant is not supported.");
        return (Movements.WithoutAxes(Reductions.Over(node, (Tensor)value, axes, "Sum"), axes), string.Concat(labels.Where(isKept)));
    }
}
