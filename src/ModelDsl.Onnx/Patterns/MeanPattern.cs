using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Means, of windows or along axes: the operators AveragePool, GlobalAveragePool and ReduceMean.</summary>
internal static class MeanPattern
{
    private const double Tolerance = 1e-9;

    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.Map, Operands: [var operand] } || !Maps.IsWhole(scope, node, operand) || !scope.IsReadOnce(operand.Node))
            return null;
        var sum = scope.Node(operand.Node);
        if (sum is not { Kind: GraphNodeKind.Reduce, Reduction: GraphReduction.Sum } || !BodyPattern.Matches(sum, "x0"))
            return null;
        return OfWindows(scope, node, sum) ?? AlongAxes(scope, node, sum);
    }

    private static PatternMatch? OfWindows(ExportScope scope, GraphNode node, GraphNode sum)
    {
        if (MaxPoolPattern.Windows(scope, sum) is not { } windows || windows.Any(window => window.Dilation != 1))
            return null;
        var isMean = true;
        ElementTable.ForEach([.. Enumerable.Range(1, windows.Length)], node.Shape, at =>
        {
            var inside = windows.Select((window, axis) => Enumerable.Range(0, window.Kernel).Count(element =>
                ((window.Stride * at[axis + 1]) + element - window.Before) is var index && index >= 0 && index < window.Size)).Aggregate(1, (product, count) => product * count);
            isMean &= Math.Abs((Factor(node.Body, at) * inside) - 1) < Tolerance;
        });
        return isMean ? new([sum.Operands[0].Node], () => MaxPoolPattern.Write(scope, "AveragePool", sum, windows)) : null;
    }

    private static PatternMatch? AlongAxes(ExportScope scope, GraphNode node, GraphNode sum)
    {
        var input = sum.Operands[0];
        int[] kept = [.. sum.Output.Select(Maps.Axis)];
        int[] axes = [.. Enumerable.Range(0, sum.Domain.Length).Except(kept)];
        if (!BodyPattern.Matches(node, "Multiply(#,x0)", out var numbers) || !Maps.IsWhole(scope, sum, input) || kept.Contains(-1) || axes.Length == 0 || axes.Any(axis => sum.Domain[axis] < 0))
            return null;
        if (Math.Abs((numbers[0] * axes.Aggregate(1.0, (product, axis) => product * sum.Domain[axis])) - 1) > Tolerance)
            return null;
        return new([input.Node], () => Write(scope, node, sum, axes, kept));
    }

    private static OnnxTensor Write(ExportScope scope, GraphNode node, GraphNode sum, int[] axes, int[] kept)
    {
        var value = scope.Layouts.Full(node.Name, scope[sum.Operands[0].Node], sum.Domain, scope[sum.Operands[0].Node] is { Axes: var order } && order.Length == sum.Domain.Length ? order : null);
        OnnxTensor mean;
        if (value.Axes.Length > 2 && value.Axes is [0, var channel, ..] && kept.SequenceEqual([0, channel]) && value.Axes.Skip(2).Order().SequenceEqual(axes))
        {
            var pooled = scope.Graph.Add("GlobalAveragePool", node.Name, [value.Name]);
            mean = new(scope.Graph.Add("Squeeze", node.Name, [pooled, scope.Graph.Integers(Enumerable.Range(2, axes.Length))]), [0, channel]);
        }
        else
        {
            mean = Reductions.Reduce(scope, "ReduceMean", node.Name, value, axes);
        }

        return mean with { Axes = [.. mean.Axes.Select(axis => Array.IndexOf(kept, axis))] };
    }

    /// <summary>The value of an expression at an index for an operand of 1; NaN if it has other operations than the divisors of means have.</summary>
    private static double Factor(GraphScalar[] body, int[] at)
    {
        var values = new double[body.Length];
        for (var i = 0; i < body.Length; i++)
        {
            double Operand(int number) => values[body[i].Arguments[number]];
            values[i] = body[i].Operation switch
            {
                GraphScalarOperation.Input => 1,
                GraphScalarOperation.Constant => body[i].Value,
                GraphScalarOperation.Index => at[body[i].Arguments[0]],
                GraphScalarOperation.Add => Operand(0) + Operand(1),
                GraphScalarOperation.Subtract => Operand(0) - Operand(1),
                GraphScalarOperation.Multiply => Operand(0) * Operand(1),
                GraphScalarOperation.Divide => Operand(0) / Operand(1),
                GraphScalarOperation.Minimum => Math.Min(Operand(0), Operand(1)),
                GraphScalarOperation.Maximum => Math.Max(Operand(0), Operand(1)),
                _ => double.NaN,
            };
        }

        return values[^1];
    }
}
