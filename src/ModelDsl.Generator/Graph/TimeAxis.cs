using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Graph;

/// <summary>The axis of the steps of a loop: the axis after the batch axis if there is one, otherwise the first.</summary>
internal static class TimeAxis
{
    /// <summary>The index of the axis.</summary>
    /// <param name="shape">A shape with or without the axis.</param>
    public static int Of(Shape shape) => shape.HasBatch ? 1 : 0;

    /// <summary>Adds the axis to a shape.</summary>
    public static Shape Insert(Shape shape, int count)
    {
        var extents = shape.Extents.ToList();
        extents.Insert(Of(shape), count);
        return new Shape(extents.ToEquatableArray());
    }

    /// <summary>Removes the axis from a shape.</summary>
    public static Shape Remove(Shape shape)
    {
        var extents = shape.Extents.ToList();
        extents.RemoveAt(Of(shape));
        return new Shape(extents.ToEquatableArray());
    }

    /// <summary>Returns one position of a value.</summary>
    public static Node At(string name, Node values, int position)
    {
        var (shape, axis) = (Remove(values.Shape), Of(values.Shape));
        var coordinates = Enumerable.Range(0, shape.Rank).Select(k => Coordinate.Of(k)).ToList();
        coordinates.Insert(axis, Coordinate.At(position));
        return GraphBuilder.View(name, shape, new Operand(values, new IndexMap(coordinates.ToEquatableArray())));
    }

    /// <summary>Returns a contiguous range of positions of a value.</summary>
    public static Node Slice(string name, Node values, int start, int count)
    {
        var (extents, starts) = (values.Shape.Extents.ToArray(), new int[values.Shape.Rank]);
        extents[Of(values.Shape)] = count;
        starts[Of(values.Shape)] = start;
        return GraphBuilder.Slice(name, values, starts, Shape.Of(extents));
    }

    /// <summary>Concatenates values along the axis.</summary>
    public static Node Join(string name, IReadOnlyList<Node> values) =>
        GraphBuilder.Concat(name, Of(values[0].Shape), [.. values.Select(value => GraphBuilder.Reshape(name, Insert(value.Shape, 1), value))]);
}
