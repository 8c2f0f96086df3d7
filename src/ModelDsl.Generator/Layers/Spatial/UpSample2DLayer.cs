using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Repeats or interpolates each row and column of a feature map: [N, height, width, channels] → [N, height · factor, width · factor, channels]. The new positions of an old
/// one are first an additional axis after it; then both axes are combined.
/// </summary>
internal sealed class UpSample2DLayer : Layer
{
    public override string Kind => "UpSample2D";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var factor = call.Int("factor");
        if (!scope.Require(factor > 0, "factor", "positive")) return null;
        if (input.Shape.Rank != 4) return scope.NotAccepted("maps, [N, height, width, channels]", input.Shape.Rank < 4 ? "did you mean a Reshape before it?" : "");
        var (height, width, channels) = (input.Shape[1].Value, input.Shape[2].Value, input.Width);
        if (!scope.Fits($"The output of '{scope.Name}'", height, factor, width, factor, channels)) return null;
        if (factor == 1) return input;
        var (name, x) = (scope.NodeName, input.Node);
        if (call.Word("interpolation", "Nearest") == "Bilinear") return input with { Node = Between(name, Between(name, x, 1, factor), 2, factor) };

        var repeated = GraphBuilder.View(
            name, Shape.Batch(height, factor, width, factor, channels), new Operand(x, IndexMap.Project(0, 1, 3, 5)));
        return input with { Node = GraphBuilder.Reshape(name, Shape.Batch(height * factor, width * factor, channels), repeated) };
    }

    /// <summary>
    /// Interpolates along one axis. The new positions of an old position are at (p + ½) / factor − ½ from it, for p = 0 … factor − 1: between it and the previous
    /// or the next position. Beyond the edges, the outermost values are repeated.
    /// </summary>
    private static Node Between(string name, Node x, int axis, int factor)
    {
        var (rank, size) = (x.Shape.Rank, x.Shape[axis].Value);
        var edged = GraphBuilder.Concat(name + "Edged", axis, Edge(0), x, Edge(size - 1));
        var at = Subtract(Multiply(Add(Index(axis + 1), Const(0.5)), Const(1.0 / factor)), Const(0.5));
        var share = Abs(at);
        var neighbour = Select(Less(at, Zero), Input(1), Input(2));
        var between = GraphBuilder.Map(
            name,
            Shape.Of([.. x.Shape.Extents.Take(axis + 1), factor, .. x.Shape.Extents.Skip(axis + 1)]),
            Add(Multiply(Input(0), Subtract(One, share)), Multiply(neighbour, share)),
            Read(1), Read(0), Read(2));
        return GraphBuilder.Reshape(name, Shape.Of([.. x.Shape.Extents.Select((extent, k) => k == axis ? size * factor : extent)]), between);

        Node Edge(int start)
        {
            var starts = new int[rank];
            starts[axis] = start;
            return GraphBuilder.Slice(name, x, starts, Shape.Of([.. x.Shape.Extents.Select((extent, k) => k == axis ? 1 : extent)]));
        }

        Operand Read(int offset) =>
            new(edged, new([.. Enumerable.Range(0, rank).Select(k => Coordinate.Of(k > axis ? k + 1 : k, 1, k == axis ? offset : 0))]));
    }
}
