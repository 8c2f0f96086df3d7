using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Rotary position embedding: x·cos + (its other half, the second negated)·sin, with the angle t·base^(−2i/d) for value i of a half at position t (Su et al., 2021, in the
/// half-split form of GPT-NeoX and Llama).
/// </summary>
internal static class Rotary
{
    /// <summary>Rotates the first rows of an axis: [N, T, rows, d] → [N, T, count, d].</summary>
    public static Node Rotate(LayerScope scope, Node input, int count, double @base)
    {
        var (length, size) = (input.Shape[1].Value, input.Shape[3].Value);
        var half = size / 2;
        var (cosines, sines) = (new double[length * half], new double[length * size]);
        for (var t = 0; t < length; t++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = t * Math.Pow(@base, -2.0 * i / size);
                cosines[(t * half) + i] = Math.Cos(angle);
                sines[(t * size) + i] = -Math.Sin(angle);
                sines[(t * size) + half + i] = Math.Sin(angle);
            }
        }

        // In the shape [N, T, rows, 2, d/2], the other half of a value is read in reverse order along the axis of two.
        var halves = GraphBuilder.Reshape(scope.NodeName + "Halves", Shape.Of(Extent.Batch, length, input.Shape[2], 2, half), input);
        var other = new IndexMap([Coordinate.Of(0), Coordinate.Of(1), Coordinate.Of(2), Coordinate.Of(3, -1, 1), Coordinate.Of(4)]);
        var rotated = GraphBuilder.Map(
            scope.NodeName + "Rotated",
            Shape.Of(Extent.Batch, length, count, 2, half),
            Add(Multiply(Input(0), Input(2)), Multiply(Input(1), Input(3))),
            Operand.Whole(halves),
            new Operand(halves, other),
            new Operand(scope.State.Constant(Shape.Of(length, half), cosines.ToEquatableArray()), IndexMap.Project(1, 4)),
            new Operand(scope.State.Constant(Shape.Of(length, 2, half), sines.ToEquatableArray()), IndexMap.Project(1, 3, 4)));
        return GraphBuilder.Reshape(scope.NodeName + "Rotation", Shape.Of(Extent.Batch, length, count, size), rotated);
    }

    /// <summary>Whether the base is valid; false after an error was reported.</summary>
    public static bool HasBase(LayerScope scope, string argument, double @base) =>
        scope.Require(@base > 1 && !double.IsInfinity(@base), argument, "greater than 1");
}
