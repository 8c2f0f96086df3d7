using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Folding;

/// <summary>Where the elements of a constant are that is repeated along axes of size 1.</summary>
internal sealed class Repeated
{
    private readonly long[] sizes;
    private readonly long[] strides;

    public Repeated(Constant constant, long[] shape)
    {
        IsSingle = constant.IsInteger ? constant.Integers.Length == 1 : constant.Floats.Length == 1;
        sizes = shape;
        strides = new long[shape.Length];
        if (IsSingle) return;
        var own = Sizes.Strides(constant.Shape);
        for (var axis = 0; axis < constant.Rank; axis++)
        {
            if (constant.Shape[axis] != 1) strides[axis + shape.Length - constant.Rank] = own[axis];
        }
    }

    /// <summary>Whether all elements are stored as one.</summary>
    public bool IsSingle { get; }

    /// <summary>The index of the element that is at an index of the shape.</summary>
    public long this[long index]
    {
        get
        {
            if (IsSingle) return 0;
            var at = 0L;
            for (var axis = sizes.Length - 1; axis >= 0; axis--)
            {
                at += index % sizes[axis] * strides[axis];
                index /= sizes[axis];
            }

            return at;
        }
    }
}
