using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Adds a trainable vector for each position: [N, T, width] → the same; weight [T, width].</summary>
internal sealed class PositionalEmbeddingLayer : Layer
{
    public override string Kind => "PositionalEmbedding";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (input.Shape.Rank != 3) return scope.NotAccepted("positions with a vector each, [N, T, width]", "");
        var (length, width) = (input.Shape[1].Value, input.Width);
        if (Initializers.Of(scope, "initializer", "Uniform", length, width) is not { } fill) return null;
        if (scope.PositionTable("weight", fill, length, width) is not { } weight) return null;
        var sum = GraphBuilder.Map(
            scope.NodeName, input.Shape, Add(Input(0), Input(1)), Operand.Whole(input.Node), Operand.Trailing(weight, input.Shape.Rank));
        return input with { Node = sum };
    }
}
