using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>An axis that joins samples and another axis.</summary>
/// <param name="FromEnd">Its position, counted from the last axis, which is 1.</param>
/// <param name="Pair">The sizes of the two axes.</param>
/// <param name="IsSecond">Whether the samples are the second of them.</param>
internal sealed record JoinedAxis(int FromEnd, (long First, long Second) Pair, bool IsSecond)
{
    /// <summary>Returns the axis of a tensor that has one.</summary>
    public static JoinedAxis Of(Tensor joined)
    {
        var (axis, apart) = (joined.BatchAxis, joined.Apart!);
        return new(joined.Rank - axis, (apart.Shape[axis], apart.Shape[axis + 1]), apart.BatchAxis > axis);
    }

    /// <summary>
    /// Returns the sizes of a shape with an axis for the samples and one for what they are joined with; null if the shape does not join them, or not a whole axis or whole axes with them that are beside
    /// them in the input.
    /// </summary>
    /// <param name="input">The tensor that gets the shape.</param>
    /// <param name="shape">The shape.</param>
    public static (long[] Apart, int Axis)? Within(Tensor input, long[] shape)
    {
        var axis = Array.FindIndex(shape, size => size > Sizes.Batch && size % Sizes.Batch == 0);
        if (input.BatchAxis < 0 || axis < 0 || shape.Contains(Sizes.Batch)) return null;
        var other = shape[axis] / Sizes.Batch;
        var (before, lead) = (Sizes.Product(input.Shape[..input.BatchAxis]), Sizes.Product(shape[..axis]));
        if (before == lead) return ([.. shape[..axis], Sizes.Batch, other, .. shape[(axis + 1)..]], axis);
        return before == lead * other ? ([.. shape[..axis], other, Sizes.Batch, .. shape[(axis + 1)..]], axis) : null;
    }

    /// <summary>
    /// Returns the axis of a shape that the samples are joined with, for the shape of a file that was exported for one sample; null for none. The last axis is that of features, which samples are not
    /// joined with.
    /// </summary>
    /// <param name="input">The tensor that gets the shape.</param>
    /// <param name="shape">The shape, with the sizes for one sample.</param>
    public static int? ForOneSample(Tensor input, long[] shape)
    {
        if (input.BatchAxis < 0 || Sizes.Product(shape) != Sizes.Product(input.Shape) / Sizes.Batch) return null;
        var before = Sizes.Product(input.Shape[..input.BatchAxis]);
        int? ending = null;
        var lead = 1L;
        for (var axis = 0; axis < shape.Length - 1; axis++)
        {
            if (lead == before) return axis;
            lead *= shape[axis];
            if (lead == before) ending = axis;
        }

        return ending;
    }

    /// <summary>Whether a tensor has the same axis.</summary>
    public bool IsOf(Tensor tensor) => tensor.Apart is not null && Of(tensor) == this;

    /// <summary>Its position in a value.</summary>
    public int PositionIn(Value value) => value.Rank - FromEnd;

    /// <summary>Returns a tensor with the two axes as one.</summary>
    /// <param name="apart">The tensor with two axes.</param>
    public Tensor Join(Tensor apart) => Join(apart, IsSecond ? apart.BatchAxis - 1 : apart.BatchAxis);

    /// <summary>Returns a tensor with two axes as one.</summary>
    /// <param name="apart">The tensor with two axes.</param>
    /// <param name="axis">The first of them.</param>
    public static Tensor Join(Tensor apart, int axis) =>
        new([.. apart.Shape[..axis], apart.Shape[axis] * apart.Shape[axis + 1], .. apart.Shape[(axis + 2)..]], axis, apart.Axes, apart.Code) { Kind = apart.Kind, Apart = apart };

    /// <summary>Returns a constant that is matched from the last axis on with two axes instead of this one; null if it has different numbers along it.</summary>
    public Constant? Apart(Constant constant)
    {
        var at = constant.Rank - FromEnd;
        if (at < 0) return constant;
        if (constant.Shape[at] == 1) return constant.WithShape([.. constant.Shape[..at], 1, .. constant.Shape[at..]]);
        return constant.Shape[at] == Pair.First * Pair.Second && constant.Uniform is not null ? constant.WithShape([.. constant.Shape[..at], Pair.First, Pair.Second, .. constant.Shape[(at + 1)..]]) : null;
    }
}
