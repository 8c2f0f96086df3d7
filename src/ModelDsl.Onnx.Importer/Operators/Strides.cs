using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Every second, third, … element of an axis: the axis is divided in two, and the first element of the inner one is kept.</summary>
internal static class Strides
{
    /// <summary>Returns elements of an axis.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="start">The first element.</param>
    /// <param name="step">The distance of the elements.</param>
    /// <param name="count">The number of elements.</param>
    public static Tensor At(Tensor input, int axis, long start, long step, long count)
    {
        int[] order = [axis, .. input.Axes.Where(other => other != axis)];
        var arranged = input.Arranged(order);
        var (size, needed) = (input.Shape[axis], count * step);
        long[] rest = [.. order.Skip(1).Select(other => input.Shape[other])];
        var code = Code.Call(arranged.Code, $"Reshape({size}, {Sizes.Product(rest)})");
        if (start + needed > size) code = Code.Call(code, $"Pad(0, {start + needed - size})");
        if (start > 0 || needed < size) code = Code.Call(code, $"Slice({start}, {needed})");
        code = Code.Call(Code.Call(code, $"Reshape({count}, {step}, {Sizes.Product(rest)})"), "Slice(0, 1, axis: 1)");
        var shape = (long[])input.Shape.Clone();
        shape[axis] = count;
        var result = new Tensor(shape, input.BatchAxis, order, code) { Kind = input.Kind };
        return (result with { Code = Code.Call(code, $"Reshape({string.Join(", ", result.CodeSizes)})") }).Arranged(input.Axes);
    }

    /// <summary>Returns the elements of an axis with zeros between them.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="step">The new distance of the elements.</param>
    public static Tensor Apart(Tensor input, int axis, long step)
    {
        if (step == 1) return input;
        int[] order = [axis, .. input.Axes.Where(other => other != axis)];
        var arranged = input.Arranged(order);
        var size = input.Shape[axis];
        var rest = Sizes.Product(order.Skip(1).Select(other => input.Shape[other]));
        var code = Code.Call(Code.Call(arranged.Code, $"Reshape({size}, 1, {rest})"), $"Pad(0, 0, 0, {step - 1})");
        var shape = (long[])input.Shape.Clone();
        shape[axis] = (size * step) - (step - 1);
        code = Code.Call(Code.Call(code, $"Reshape({size * step}, {rest})"), $"Slice(0, {shape[axis]})");
        var result = new Tensor(shape, input.BatchAxis, order, code) { Kind = input.Kind };
        return (result with { Code = Code.Call(code, $"Reshape({string.Join(", ", result.CodeSizes)})") }).Arranged(input.Axes);
    }
}
