using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Combines all axes of a sample into one: [N, …] → [N, product].</summary>
internal sealed class FlattenLayer : Layer
{
    public override string Kind => "Flatten";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input) =>
        new(GraphBuilder.Reshape(scope.NodeName, Shape.Batch(input.Shape.Length), input.Node), IsSequence: false, input.Trail);
}
