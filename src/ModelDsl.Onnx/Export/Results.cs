using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Export;

/// <summary>Moves the sums of contractions and reductions, whose axes are those of the domain, to the elements of the result.</summary>
internal static class Results
{
    /// <summary>Writes the result of a node.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="node">The node.</param>
    /// <param name="terms">The value, which has only axes that the coordinates of the result depend on.</param>
    /// <param name="isMaximum">Whether several terms of an element are combined by their maximum, and not summed.</param>
    public static OnnxTensor Write(ExportScope scope, GraphNode node, OnnxTensor terms, bool isMaximum)
    {
        var isProjection = node.Output.Select((coordinate, axis) =>
            coordinate.Offset == 0 && coordinate.Terms is [{ Scale: 1 } term] && (node.Shape[axis] < 0 || node.Domain[term.Axis] == node.Shape[axis])).All(isAxis => isAxis);
        if (isProjection)
            return terms with { Axes = [.. terms.Axes.Select(axis => Array.FindIndex(node.Output, coordinate => coordinate.Terms[0].Axis == axis))] };

        var axes = ElementTable.AxesOf(node.Output, node.Domain);
        var hasBatch = node.Shape is [-1, ..];
        var count = ElementTable.Count(node.Name, axes.Select(axis => node.Domain[axis]));
        var full = scope.Layouts.Full(node.Name, terms, node.Domain, hasBatch ? [0, .. axes] : axes);
        var flat = scope.Layouts.Reshape(node.Name, full.Name, hasBatch ? [0, count] : [count]);

        var (table, most) = TermsOfElements(node, axes, count);
        var neutral = isMaximum ? float.NegativeInfinity : 0;
        flat = scope.Graph.Add("Pad", node.Name, [flat, hasBatch ? scope.Graph.Integers(0, 0, 0, 1) : scope.Graph.Integers(0, 1), scope.Graph.Scalar(neutral)]);
        int[] elements = [.. node.Shape.Where(extent => extent >= 0)];
        var gathered = scope.Graph.Add(
            "Gather", node.Name, [flat, scope.Graph.Integers(node.Name + "_terms", table, [.. elements, most])], OnnxAttribute.Of("axis", hasBatch ? 1 : 0));
        int[] result = [.. Enumerable.Range(0, node.Shape.Length + 1)];
        return Reductions.Combine(scope, node.Name, new(gathered, result), [node.Shape.Length], isMaximum);
    }

    /// <summary>For each element of the result the indices of its terms, filled up with the index after the last term.</summary>
    private static (long[] Table, int Most) TermsOfElements(GraphNode node, int[] axes, int count)
    {
        var elements = node.Shape.Where(extent => extent >= 0).Aggregate(1, (product, extent) => product * extent);
        var terms = new List<long>[elements];
        var number = 0L;
        ElementTable.ForEach(axes, node.Domain, at =>
        {
            var element = ElementTable.IndexOf(node.Output, node.Shape, at);
            if (element >= 0)
                (terms[element] ??= []).Add(number);
            number++;
        });
        var most = Math.Max(1, terms.Max(list => list?.Count ?? 0));
        _ = ElementTable.Count(node.Name, [elements, most]);
        return ([.. terms.SelectMany(list => (list ?? []).Concat(Enumerable.Repeat((long)count, most - (list?.Count ?? 0))))], most);
    }
}
