using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>
/// Batch normalization in training: the operator BatchNormalization in training mode. It also moves running values, by a share that is 1 here: so its further results are the mean and the variance of the
/// batch, from which the next states are computed. The operator would move the running variance towards that of the batch, and layers move it towards the estimate for all data. ONNX Runtime would also
/// write the running values over those before the step, so that a second run would begin with them. The operands for these have no effect, but since they are written over, they must have other elements
/// than all other initializers: equal ones share their memory.
/// </summary>
internal static class BatchStatisticsPattern
{
    /// <summary>A number that no parameter consists of.</summary>
    private const float Unused = 0.8371925f;

    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        if (!scope.IsTraining || scope.Node(number).Kind != GraphNodeKind.Map || BatchStatistics.Find(scope, number) is not { } found)
            return null;
        // A step that needs the statistics only has neither scale nor bias: then ones and zeros are written.
        int[] reads = [found.Input, .. new[] { found.Weight, found.Bias }.Where(operand => operand >= 0 && scope.Has(operand))];
        return new(reads, () => number == found.Result ? Written(scope, found).Result : number == found.Mean ? Written(scope, found).Mean : Unbiased(scope, found, number));
    }

    /// <summary>Writes the operator when the first of its results is needed.</summary>
    private static BatchResults Written(ExportScope scope, BatchStatistics found)
    {
        if (scope.Normalizations.TryGetValue(found.Result, out var before))
            return before;
        var node = scope.Node(found.Result);
        var (last, channels) = (node.Shape.Length - 1, node.Shape[^1]);
        var value = scope[found.Input];
        if (value.Axes.Length != node.Shape.Length || value.Axes[0] != 0 || value.Axes[1] != last)
            value = scope.Layouts.Full(node.Name, value, node.Shape, [0, last, .. Enumerable.Range(1, last - 1)]);
        string Equal(float number, string name) => scope.Graph.Floats($"{node.Name}_{name}", [.. Enumerable.Repeat(number, channels)], channels);
        string[] operands =
        [
            value.Name, found.Weight >= 0 && scope.Has(found.Weight) ? scope.Canonical(found.Weight) : Equal(1, "scale"), found.Bias >= 0 && scope.Has(found.Bias) ? scope.Canonical(found.Bias) : Equal(0, "bias"),
            Equal(Unused + (2 * scope.Normalizations.Count), "no_mean"), Equal(Unused + 1 + (2 * scope.Normalizations.Count), "no_variance"),
        ];
        var results = scope.Graph.Add("BatchNormalization", node.Name, operands, 3, OnnxAttribute.Of("epsilon", found.Epsilon), OnnxAttribute.Of("momentum", 0.0), OnnxAttribute.Of("training_mode", 1));
        return scope.Normalizations[found.Result] = new(value with { Name = results[0] }, new(results[1], [0]), new(results[2], [0]));
    }

    /// <summary>The variance of n values times n / (n − 1), which is 1 / (1 − 1 / n).</summary>
    private static OnnxTensor Unbiased(ExportScope scope, BatchStatistics found, int number)
    {
        var (graph, node) = (scope.Graph, scope.Node(number));
        var positions = scope.Node(found.Result).Shape.Skip(1).SkipLast(1).Aggregate(1.0, (product, extent) => product * extent);
        var share = graph.Add("Mul", node.Name, [Arrangements.InverseBatch(scope, node).Name, graph.Scalar(1 / positions)]);
        var variance = Written(scope, found).Variance;
        return variance with { Name = graph.Add("Div", node.Name, [variance.Name, graph.Add("Sub", node.Name, [graph.Scalar(1), share])]) };
    }
}
