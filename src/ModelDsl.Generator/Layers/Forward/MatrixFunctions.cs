using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Functions of tensors as matrices: products, transposition, rows of a table. All return null after reporting.</summary>
internal static class MatrixFunctions
{
    public static LayerValue? Transpose(LayerScope scope, LayerValue input)
    {
        if (!TensorFunctions.AreNumbers(scope, input)) return null;
        if (TensorFunctions.Sizes(input).Count < 2) return scope.NotAccepted("two axes to change for one another", "");
        var rank = input.Shape.Rank;
        return Permuted(scope, input, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2], input.IsSequence && rank > 3);
    }

    /// <summary>Returns the axes of a sample in another order.</summary>
    public static LayerValue? Permute(LayerScope scope, LayerValue input)
    {
        if (!TensorFunctions.AreNumbers(scope, input)) return null;
        var given = scope.Call.Ints("axes");
        var count = TensorFunctions.Sizes(input).Count;
        var isOrder = given.Count == count && given.OrderBy(axis => axis).SequenceEqual(Enumerable.Range(0, count));
        if (!scope.Require(isOrder, "axes", $"each of the axes 0 to {count - 1} once, since {scope.Producer} gives {input.ShapeText}")) return null;
        var batch = input.Shape.HasBatch ? 1 : 0;
        return Permuted(scope, input, [.. Enumerable.Range(0, batch), .. given.Select(axis => axis + batch)], input.IsSequence && given[0] == 0);
    }

    private static LayerValue Permuted(LayerScope scope, LayerValue input, int[] axes, bool isSequence)
    {
        var shape = new Shape([.. axes.Select(axis => input.Shape[axis])]);

        // The map has, for each axis of the operand, the axis of the result that it is.
        var read = IndexMap.Project([.. axes.Select((_, axis) => Array.IndexOf(axes, axis))]);
        var view = GraphBuilder.View(scope.NodeName, shape, new Operand(input.Node, read));
        return (input with { Node = view, IsSequence = isSequence }).After(scope.Path, scope.Call.Site);
    }

    /// <summary>Returns the rows of a weight for token ids.</summary>
    public static LayerValue? Gather(LayerScope scope, LayerValue table, LayerValue ids)
    {
        if (!TensorFunctions.AreNumbers(scope, table)) return null;
        if (table.Shape.HasBatch || table.Shape.Rank != 2)
        {
            return scope.NotAccepted("a weight [vocabulary, width]", "did you mean a property with [Weight(vocabulary, width)]?");
        }

        if (ids.Node.Type != ElementType.Int)
        {
            return (scope with { Input = ids }).NotAccepted("token ids", "did you mean [TokenInput(length, vocabulary)] as the input?");
        }

        if (!HasRows(scope, ids)) return null;
        var rows = table.Shape[0].Value;
        if (ids.Bound > rows) return Misfit(scope, table, ids, $"there are {rows} rows, but ids up to {ids.Bound - 1}");
        if (!scope.Fits("The result of 'Gather'", ids.Shape.Length, table.Width)) return null;
        return (ids with { Node = GraphBuilder.Gather(scope.NodeName, table.Node, ids.Node) }).After(scope.Path, scope.Call.Site);
    }

    /// <summary>Whether every id is the index of a row; an ignored label may be out of range. False after reporting.</summary>
    public static bool HasRows(LayerScope scope, LayerValue ids)
    {
        if (ids.Ignored is not { } ignored || (ignored >= 0 && ignored < ids.Bound)) return true;
        (scope with { Input = ids }).NotAccepted("ids that all have a row", $"the label {ignored}, which is ignored, has none");
        return false;
    }

    /// <summary>[…, m, k] · [k, p] for all leading axes, or [N, …, m, k] · [N, …, k, p].</summary>
    public static LayerValue? MatMul(LayerScope scope, LayerValue left, LayerValue right)
    {
        if (!TensorFunctions.AreNumbers(scope, left) || !TensorFunctions.AreNumbers(scope, right)) return null;
        var (a, b) = (left.Shape, right.Shape);
        if (b.Rank < 2 || (b.HasBatch && b.Rank < 3)) return Misfit(scope, left, right, "the right side needs two axes, [k, m]");
        var isEach = b.HasBatch || b.Rank > 2;
        if (a.Rank < (isEach ? b.Rank : 1)) return Misfit(scope, left, right, $"the left side needs {b.Rank} axes too");
        if (a[a.Rank - 1] != b[b.Rank - 2])
        {
            var transposed = a[a.Rank - 1] == b[b.Rank - 1] ? "; did you mean MatMul with Transpose() on the right side?" : "";
            return Misfit(scope, left, right, $"the last axis of the left side and the {(isEach ? "last but one" : "first")} of the right are summed over and must agree{transposed}");
        }

        var lead = a.Rank - (isEach ? 2 : 1);
        if (isEach && (a.Rank != b.Rank || !Enumerable.Range(0, lead).All(axis => a[axis] == b[axis])))
        {
            return Misfit(scope, left, right, "the axes before the last two must agree");
        }

        // The domain: the axes of the result, and then the axis that is summed over.
        var (column, sum) = (a.Rank - 1, a.Rank);
        var shape = new Shape([.. a.Extents.Take(a.Rank - 1), b[b.Rank - 1]]);
        var domain = new Shape([.. shape.Extents, a[a.Rank - 1]]);
        int[] own = [.. Enumerable.Range(0, a.Rank - 1), sum];
        int[] other = isEach ? [.. Enumerable.Range(0, lead), sum, column] : [sum, column];
        if (!scope.Fits("The result of 'MatMul'", shape.Length)) return null;
        var product = GraphBuilder.Contract(
            scope.NodeName, shape, domain, IndexMap.Identity(a.Rank), Behind(left.Node, IndexMap.Project(own)), Behind(right.Node, IndexMap.Project(other)));
        return (left with { Node = product }).After(scope.Path, scope.Call.Site);
    }

    /// <summary>Reads the operand of views, so that the product with a transposed weight is equal to that of a dense layer.</summary>
    private static Operand Behind(Node node, IndexMap map)
    {
        while (node is ViewNode)
        {
            map = node.Operands[0].Map.After(map);
            node = node.Operands[0].Node;
        }

        return new Operand(node, map);
    }

    private static LayerValue? Misfit(LayerScope scope, LayerValue left, LayerValue right, string reason) => scope.Report(Problem.At(
        Descriptors.OperandShapes.Id,
        scope.Call.Site,
        scope.Call.Kind,
        $"'{left.Producer}'",
        left.ShapeText,
        $"'{right.Producer}'",
        right.ShapeText,
        $"{left.Trail} and {right.Trail}",
        LayerScope.After(reason)).With(left.Trail!.Site, right.Trail!.Site));
}
