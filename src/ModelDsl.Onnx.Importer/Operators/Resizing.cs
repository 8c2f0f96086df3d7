using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Other sizes of pictures. Along each axis it is a product with a matrix, which is computed here; the usual ones are layers.</summary>
internal static class Resizing
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Resize", Resize), new("Upsample", Resize)];

    private static void Resize(Node node)
    {
        var input = node.Tensor(0);
        int[] axes = node.Ints("axes") is { } some ? [.. some.Select(axis => node.Axis(axis, input.Rank))] : [.. Enumerable.Range(0, input.Rank)];
        var (sizes, scales) = Sizing(node, input, axes);
        var rule = new ResizeRule(node, axes);
        var result = input;
        if (Factor(input, sizes, scales) is { } factor && rule.Layer(factor) is { } layer)
        {
            var arranged = input.Arranged(2, 3, 1);
            node.Set(0, new Tensor(sizes, input.BatchAxis, arranged.Axes, Code.Call(arranged.Code, layer)));
            return;
        }

        for (var axis = 0; axis < input.Rank; axis++)
        {
            if (sizes[axis] == input.Shape[axis] && scales[axis] == 1 && rule.IsWhole(axis)) continue;
            node.Require(axis != input.BatchAxis, "it changes the samples.");
            Folding.Folder.Count(node, [input.Shape[axis], sizes[axis]]);
            var matrix = rule.Matrix(axis, (int)input.Shape[axis], (int)sizes[axis], scales[axis]);
            result = Matrices.Layer(node, result, axis, Constant.Of([input.Shape[axis], sizes[axis]], matrix), null, isFrozen: true);
        }

        node.Set(0, node.Float("extrapolation_value", 0) is not 0 and var value && Beyond(node, rule, sizes, (float)value) is { } numbers ? Arithmetic.Add(node, result, numbers) : result);
    }

    /// <summary>Returns the number that elements beyond the edges of the input have, and zero for the others; null if there are none.</summary>
    private static Constant? Beyond(Node node, ResizeRule rule, long[] sizes, float value)
    {
        var input = node.Tensor(0);
        int[] axes = [.. input.SampleAxes.Where(axis => Enumerable.Range(0, (int)sizes[axis]).Any(at => IsBeyond(axis, at)))];
        if (axes.Length == 0) return null;
        long[] shape = [.. sizes.Select((size, axis) => axes.Contains(axis) ? size : 1)];
        var strides = Sizes.Strides(shape);
        var values = new float[Folding.Folder.Count(node, shape)];
        for (var index = 0; index < values.Length; index++)
        {
            var at = index;
            if (Array.Exists(axes, axis => IsBeyond(axis, (int)(at / strides[axis] % shape[axis])))) values[index] = value;
        }

        return Constant.Of(shape, values);

        bool IsBeyond(int axis, int at) => rule.IsBeyond(axis, at, (int)input.Shape[axis], (int)sizes[axis]);
    }

    private static (long[] Sizes, double[] Scales) Sizing(Node node, Tensor input, int[] axes)
    {
        var given = node.Type == "Upsample" || node.Opset < 11 ? 1 : 2;
        var (sizes, scales) = ((long[])input.Shape.Clone(), Enumerable.Repeat(1.0, input.Rank).ToArray());
        if (node.HasAttribute("scales") || (node.Has(given) && node.Constant(given).Count > 0))
        {
            var numbers = node.Floats("scales") ?? node.Constant(given).Floats;
            node.Check(numbers.Length == axes.Length, $"there are {numbers.Length} scales for {axes.Length} axes.");
            for (var i = 0; i < axes.Length; i++)
            {
                scales[axes[i]] = Numbers.Exact(numbers[i]);
                if (axes[i] != input.BatchAxis) sizes[axes[i]] = (long)Math.Floor(input.Shape[axes[i]] * scales[axes[i]]);
            }
        }
        else
        {
            var numbers = node.Integers(3) ?? throw node.Damaged("it has neither scales nor sizes.");
            node.Check(numbers.Length == axes.Length, $"there are {numbers.Length} sizes for {axes.Length} axes.");
            node.Require(node.Text("keep_aspect_ratio_policy", "stretch") == "stretch", "keep_aspect_ratio_policy is not supported.");
            for (var i = 0; i < axes.Length; i++)
            {
                if (axes[i] == input.BatchAxis) continue;
                sizes[axes[i]] = numbers[i];
                scales[axes[i]] = (double)numbers[i] / input.Shape[axes[i]];
            }
        }

        node.Require(sizes.All(size => size is > 0 and < 1 << 20), $"the result {Sizes.Text(sizes)} is empty or too large.");
        return (sizes, scales);
    }

    /// <summary>The whole number by which height and width grow, if it is the same.</summary>
    private static int? Factor(Tensor input, long[] sizes, double[] scales)
    {
        if (input.Rank != 4 || input.BatchAxis != 0 || scales[1] != 1 || scales[2] != scales[3] || scales[2] != Math.Floor(scales[2])) return null;
        return sizes[2] == input.Shape[2] * scales[2] && sizes[3] == input.Shape[3] * scales[3] ? (int)scales[2] : null;
    }
}
