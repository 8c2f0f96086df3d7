using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Sums, means and extremes along axes.</summary>
internal static class Reductions
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        Reduce("ReduceMean", "Mean"),
        Reduce("ReduceSum", "Sum"),
        Reduce("ReduceMax", "Max"),
        Reduce("ReduceMin", "Max", Activations.Negated, Activations.Negated),
        Reduce("ReduceSumSquare", "Sum", code => Code.Call(code, "Square()")),
        Reduce("ReduceL1", "Sum", code => Code.Call(code, "Abs()")),
        Reduce("ReduceL2", "Sum", code => Code.Call(code, "Square()"), code => Code.Call(code, "Sqrt()")),
        Reduce("ReduceLogSum", "Sum", null, code => Code.Call(code, "Log()")),
    ];

    /// <summary>Returns a tensor in which axes have the size 1.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The input.</param>
    /// <param name="axes">The axes.</param>
    /// <param name="kind"><c>Mean</c>, <c>Sum</c> or <c>Max</c>.</param>
    public static Tensor Over(Node node, Tensor input, IReadOnlyCollection<int> axes, string kind)
    {
        node.Require(!axes.Contains(input.BatchAxis), "it combines the samples.");
        var result = input;
        foreach (var axis in axes.Where(axis => input.Axes.Contains(axis)).OrderByDescending(input.PositionOf))
        {
            if (kind == "Max") result = result.Arranged([axis, .. result.Axes.Where(other => other != axis)]);
            var shape = (long[])result.Shape.Clone();
            shape[axis] = 1;
            var code = kind == "Max" ? Maximum(result) : Code.Call(result.Code, $"{kind}({result.PositionOf(axis)})");
            result = new(shape, result.BatchAxis, [.. result.Axes.Where(other => other != axis)], code) { Kind = input.Kind };
        }

        return result;
    }

    /// <summary>The maximum along the first axis of an expression: that of one window.</summary>
    private static Code Maximum(Tensor tensor)
    {
        var sizes = tensor.CodeSizes;
        int[] rest = [.. sizes.Skip(1)];
        var code = rest.Length == 1 ? tensor.Code : Code.Call(tensor.Code, $"Reshape({sizes[0]}, {rest.Aggregate(1, (product, size) => product * size)})");
        return Code.Call(Code.Call(code, $"MaxPool1D({sizes[0]})"), $"Reshape({(rest.Length == 0 ? "1" : string.Join(", ", rest))})");
    }

    private static KeyValuePair<string, Action<Node>> Reduce(string type, string kind, Func<Code, Code>? before = null, Func<Code, Code>? after = null) => new(type, node =>
    {
        var input = node.Tensor(0);
        var given = node.Integers(1) ?? node.Ints("axes");
        if (given is null or { Length: 0 } && node.Int("noop_with_empty_axes", 0) == 1)
        {
            node.Set(0, after is null && before is null ? input : input.Map(code => after is null ? before!(code) : after(before is null ? code : before(code))));
            return;
        }

        int[] axes = given is null or { Length: 0 } ? [.. Enumerable.Range(0, input.Rank)] : [.. given.Select(axis => node.Axis(axis, input.Rank))];
        var result = Over(node, before is null ? input : input.Map(before), axes, kind);
        if (after is not null) result = result.Map(after);
        node.Set(0, node.Int("keepdims", 1) == 1 ? result : Movements.WithoutAxes(result, axes));
    });
}
