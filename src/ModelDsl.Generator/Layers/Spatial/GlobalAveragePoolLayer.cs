using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The mean of each channel over all positions, or over those that are not padding: [N, …, channels] → [N, channels].</summary>
internal sealed class GlobalAveragePoolLayer : Layer
{
    public override string Kind => "GlobalAveragePool";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var (x, rank) = (input.Node, input.Shape.Rank);
        if (rank < 3) return scope.NotAccepted("channels at several positions, [N, …, channels]", "");
        if (input.Mask is { } mask) x = mask.Apply(scope.NodeName, x);
        var sum = GraphBuilder.Reduce(
            scope.NodeName + "Sum", ReduceOp.Sum, Shape.Batch(input.Width), x.Shape, IndexMap.Project(0, rank - 1), Input(0), Operand.Whole(x));
        var positions = input.Shape.Length / input.Width;
        var mean = input.Mask is { } counted
            ? GraphBuilder.Pointwise(scope.NodeName, Divide(Multiply(Input(0), Const((double)input.Shape[1].Value / positions)), Input(1)), sum, counted.PerSample())
            : GraphBuilder.Pointwise(scope.NodeName, Multiply(Input(0), Const(1.0 / positions)), sum);
        return new LayerValue(mean, IsSequence: false, input.Trail);
    }
}
