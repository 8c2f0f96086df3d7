using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The functions of tensors that are not layers.</summary>
internal static class TensorFunctions
{
    private static readonly Dictionary<string, Func<Expr, Expr>> Pointwise = new()
    {
        ["Exp"] = Exp,
        ["Log"] = Log,
        ["Sqrt"] = Sqrt,
        ["Square"] = x => Multiply(x, x),
        ["Abs"] = Abs,
        ["Sin"] = Sin,
        ["Cos"] = Cos,
    };

    /// <summary>Returns the sizes of the axes of one sample.</summary>
    public static IReadOnlyList<int> Sizes(LayerValue value) =>
        [.. value.Shape.Extents.Where(extent => !extent.IsBatch).Select(extent => extent.Value)];

    /// <summary>Whether a value consists of numbers and not token ids; false after reporting.</summary>
    public static bool AreNumbers(LayerScope scope, LayerValue value)
    {
        if (value.Node.Type == ElementType.Float) return true;
        (scope with { Input = value }).TokensNotAccepted();
        return false;
    }

    /// <summary>Applies the function with a name; null after reporting.</summary>
    public static LayerValue? Apply(LayerScope scope, string member, LayerValue input, int? axis)
    {
        if (!AreNumbers(scope, input)) return null;
        if (Pointwise.TryGetValue(member, out var function)) return After(GraphBuilder.Pointwise(scope.NodeName, function(Input(0)), input.Node));
        return member switch
        {
            "StopGradient" => After(new StopGradientNode(input.Node)),
            "Sum" => Sum(1),
            "Mean" => Sum(1.0 / Summed()),
            _ => throw new InvalidOperationException($"Tensor has no function '{member}'."),
        };

        LayerValue After(Node node) => (input with { Node = node }).After(scope.Path, scope.Call.Site);

        // The number of elements of a sum; for a padded sequence, the number per position.
        int Summed() => (axis is { } along ? Sizes(input)[along] : input.Shape.Length) / (OverPositions() is null ? 1 : Sizes(input)[0]);
        PositionMask? OverPositions() => axis is null or 0 ? input.Mask : null;
        LayerValue Sum(double scale)
        {
            var mask = OverPositions();
            var node = Total(scope.NodeName, mask is null ? input.Node : mask.Apply(scope.NodeName, input.Node), axis);
            if (mask is not null && member == "Mean") node = GraphBuilder.Pointwise(scope.NodeName, Divide(Input(0), Input(1)), node, mask.PerSample());
            if (scale != 1) node = GraphBuilder.Pointwise(scope.NodeName, Multiply(Input(0), Const(scale)), node);
            var isSequence = input.IsSequence && axis > 0;
            return (input with { Node = node, IsSequence = isSequence }).After(scope.Path, scope.Call.Site);
        }
    }

    /// <summary>Returns a range of an axis of the sample; null after reporting.</summary>
    public static LayerValue? Slice(LayerScope scope, LayerValue input, int axis, int start, int length, bool dropsAxis)
    {
        var along = axis + (input.Shape.HasBatch ? 1 : 0);
        var starts = new int[input.Shape.Rank];
        starts[along] = start;
        var shape = Shape.Of([.. input.Shape.Extents.Select((extent, index) => index == along ? length : extent)]);
        var node = GraphBuilder.Slice(scope.NodeName, input.Node, starts, shape);

        // A sample has at least one axis.
        var drops = dropsAxis && Sizes(input).Count > 1;
        if (drops) node = GraphBuilder.Reshape(scope.NodeName, Shape.Of([.. shape.Extents.Where((_, index) => index != along)]), node);
        var mask = axis == 0 && !drops ? input.Mask?.Slice(start, length) : input.Mask;
        return (input with { Node = node, IsSequence = input.IsSequence && !drops, Mask = mask }).After(scope.Path, scope.Call.Site);
    }

    /// <summary>Concatenates tensors along the last axis; null after reporting.</summary>
    public static LayerValue? Concat(LayerScope scope, IReadOnlyList<LayerValue> parts)
    {
        var first = parts[0];
        foreach (var part in parts)
        {
            if (!AreNumbers(scope, part)) return null;

            if (part.Shape.Rank == first.Shape.Rank && part.Shape.WithoutLast() == first.Shape.WithoutLast()) continue;
            return scope.Report(Problem.At(
                Descriptors.OperandShapes.Id,
                scope.Call.Site,
                "Concat",
                $"'{first.Producer}'",
                first.ShapeText,
                $"'{part.Producer}'",
                part.ShapeText,
                $"{first.Trail} and {part.Trail}",
                LayerScope.After("only the last axis may differ")).With(first.Trail!.Site, part.Trail!.Site));
        }

        if (parts.Count == 1) return first;
        var node = GraphBuilder.Concat(scope.NodeName, first.Shape.Rank - 1, [.. parts.Select(part => part.Node)]);
        var mask = parts.Select(part => part.Mask).Aggregate(PositionMask.Join);
        return scope.Fits("The result of 'Concat'", node.Shape.Length) ? (first with { Node = node, Mask = mask }).After(scope.Path, scope.Call.Site) : null;
    }

    /// <summary>The sum along an axis of the sample, or along all axes; the last remaining axis becomes 1.</summary>
    private static Node Total(string name, Node input, int? axis)
    {
        var batch = input.Shape.HasBatch ? 1 : 0;
        if (axis is not { } along || input.Shape.Rank == batch + 1)
        {
            var flat = GraphBuilder.Reshape(name, input.Shape.HasBatch ? Shape.Batch(input.Shape.Length) : Shape.Of(input.Shape.Length), input);
            var sum = GraphBuilder.ReduceLast(name, ReduceOp.Sum, flat.Shape, Input(0), Operand.Whole(flat));
            return GraphBuilder.Reshape(name, input.Shape.HasBatch ? Shape.Batch(1) : Shape.Of(1), sum);
        }

        int[] kept = [.. Enumerable.Range(0, input.Shape.Rank).Where(index => index != batch + along)];
        var shape = Shape.Of([.. kept.Select(index => input.Shape[index])]);
        return GraphBuilder.Reduce(name, ReduceOp.Sum, shape, input.Shape, IndexMap.Project(kept), Input(0), Operand.Whole(input));
    }
}
