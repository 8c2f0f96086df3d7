using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Adds sin(t / 10000^(2i/width)) to value 2i and the cosine to value 2i + 1 of position t: [N, T, width] → the same (Vaswani et al., 2017).</summary>
internal sealed class SinusoidalEmbeddingLayer : Layer
{
    public override string Kind => "SinusoidalEmbedding";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (input.Shape.Rank != 3) return scope.NotAccepted("positions with a vector each, [N, T, width]", "");
        var (length, width) = (input.Shape[1].Value, input.Width);
        if (!scope.Fits("The table of 'SinusoidalEmbedding'", length, width)) return null;
        var table = new double[length * width];
        for (var i = 0; i < table.Length; i++)
        {
            var (position, column) = (i / width, i % width);
            var angle = position / Math.Pow(10_000, (column - (column % 2)) / (double)width);
            table[i] = column % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
        }

        var positions = scope.State.Constant(Shape.Of(length, width), table.ToEquatableArray());
        return input with
        {
            Node = GraphBuilder.Map(scope.NodeName, input.Shape, Add(Input(0), Input(1)), Operand.Whole(input.Node), Operand.Trailing(positions, input.Shape.Rank)),
        };
    }
}
