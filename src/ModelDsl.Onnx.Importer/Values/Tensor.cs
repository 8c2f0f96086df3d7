using ModelDsl.Onnx.Importer.Emit;

namespace ModelDsl.Onnx.Importer.Values;

/// <summary>What the elements of a tensor are.</summary>
internal enum ElementKind
{
    /// <summary>Floating-point numbers.</summary>
    Float,

    /// <summary>Whole numbers or logical values, which are computed as floating-point numbers.</summary>
    Integer,

    /// <summary>Ids of tokens, which only tables accept.</summary>
    Token,
}

/// <summary>
/// A value of the model. In ModelDsl the axis of samples is not written, and pictures have their channels last. So a tensor says which axis of the file each axis of its expression is: a transpose
/// in the file, or an axis of size 1 that is added or removed, changes only that.
/// </summary>
/// <param name="Shape">The sizes in the file, with <see cref="Sizes.Batch"/> for the samples.</param>
/// <param name="BatchAxis">The axis of samples in the file; −1 if the file computes one sample, without such an axis.</param>
/// <param name="Axes">The axis of the file that each axis of the expression is. The others have size 1. Without any, the expression has one axis of size 1.</param>
/// <param name="Code">The expression.</param>
internal sealed record Tensor(long[] Shape, int BatchAxis, int[] Axes, Code Code) : Value(Shape)
{
    /// <summary>What the elements are.</summary>
    public ElementKind Kind { get; init; }

    /// <summary>For a tensor whose axes become one in another order than that of the file: the tensor before.</summary>
    public Tensor? Unflattened { get; private init; }

    /// <summary>For a tensor whose <see cref="BatchAxis"/> joins samples and another axis: the tensor before, with two axes instead of that one.</summary>
    public Tensor? Apart { get; init; }

    /// <summary>The sizes of the expression, without samples.</summary>
    public int[] CodeSizes => Axes.Length == 0 ? [1] : [.. Axes.Select(axis => (int)Shape[axis])];

    /// <summary>The axes of the file, without that of the samples.</summary>
    public IEnumerable<int> SampleAxes => Enumerable.Range(0, Rank).Where(axis => axis != BatchAxis);

    /// <summary>The position of an axis of the file in the expression; −1 if it is not there.</summary>
    public int PositionOf(int axis) => Array.IndexOf(Axes, axis);

    /// <summary>
    /// Returns a tensor whose axes, except that of the samples, are one axis of a shape. If they are not in the order of the file, they stay apart until it is known what reads them: a dense layer has
    /// its weights in the same order instead.
    /// </summary>
    public static Tensor Flatten(Tensor source, long[] shape, int batchAxis, int axis)
    {
        var natural = source.Natural();
        var flat = natural.Axes.Length > 1 ? Code.Call(natural.Code, "Flatten()") : natural.Code;
        var result = new Tensor(shape, batchAxis, [axis], flat) { Kind = source.Kind };
        return ReferenceEquals(natural.Code, source.Code) ? result : result with { Unflattened = source };
    }

    /// <summary>Returns the tensor with another expression of the same sizes.</summary>
    public Tensor With(Code code) => this with { Code = code, Unflattened = null, Apart = null };

    /// <summary>Returns the tensor with a function of each element. A function of several elements needs <see cref="With(Code)"/>, because this one may be applied before axes become one.</summary>
    public Tensor Map(Func<Code, Code> function) => Unflattened is { } source
        ? Flatten(source.With(function(source.Code)) with { Kind = Kind }, Shape, BatchAxis, Axes[0])
        : this with { Code = function(Code) };

    /// <summary>Returns the tensor with its axes in an order. Axes of size 1 may be added or left out.</summary>
    public Tensor Arranged(params int[] order)
    {
        if (Axes.SequenceEqual(order)) return this;
        if (Axes.Any(axis => IsLong(axis) && !order.Contains(axis))) throw new InvalidOperationException("An axis with several elements is not in the order.");
        var code = Code;
        int[] moved = [.. order.Where(axis => PositionOf(axis) >= 0), .. Axes.Where(axis => !order.Contains(axis))];
        if (!moved.Where(IsLong).SequenceEqual(Axes.Where(IsLong)))
            code = Code.Call(code, $"Transpose({string.Join(", ", moved.Select(PositionOf))})");
        else
            moved = Axes;

        var result = this with { Axes = order, Code = code, Unflattened = null };
        return moved.SequenceEqual(order) || result.CodeSizes.SequenceEqual(Sizes(moved)) ? result : result with { Code = Code.Call(code, $"Reshape({string.Join(", ", result.CodeSizes)})") };

        IEnumerable<int> Sizes(int[] axes) => axes.Length == 0 ? [1] : axes.Select(axis => (int)Shape[axis]);
    }

    /// <summary>Returns the tensor with its axes in the order of the file, without those of size 1.</summary>
    public Tensor Natural() => Arranged([.. SampleAxes.Where(IsLong)]);

    /// <summary>Returns the tensor with its axes in the order of the file, with those of size 1.</summary>
    public Tensor Full() => Arranged([.. SampleAxes]);

    /// <summary>Returns the tensor with an axis as the last one.</summary>
    public Tensor WithLast(int axis) => Axes.Length > 0 && Axes[^1] == axis ? this : Arranged([.. Axes.Where(other => other != axis), axis]);

    private bool IsLong(int axis) => Shape[axis] != 1;
}
