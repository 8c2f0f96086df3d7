using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Rotates pairs of values by angles that grow with the position: [N, T, …, d] → the same.</summary>
internal sealed class RotaryEmbeddingLayer : Layer
{
    public override string Kind => "RotaryEmbedding";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var @base = call.Number("base", 10_000);
        if (!Rotary.HasBase(scope, "base", @base)) return null;
        if (input.Shape.Rank < 3) return scope.NotAccepted("positions with a vector each, [N, T, …, d]", "");
        if (input.Width % 2 != 0) return scope.NotAccepted("an even number of values in the last axis", "");
        var (length, rows) = (input.Shape[1].Value, input.Shape.Length / (input.Shape[1].Value * input.Width));
        var flat = GraphBuilder.Reshape(scope.NodeName + "Rows", Shape.Batch(length, rows, input.Width), input.Node);
        return input with { Node = GraphBuilder.Reshape(scope.NodeName, input.Shape, Rotary.Rotate(scope, flat, rows, @base)) };
    }
}
