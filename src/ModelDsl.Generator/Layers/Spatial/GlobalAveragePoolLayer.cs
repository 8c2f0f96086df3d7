using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The mean of each channel over all positions: [N, …, channels] → [N, channels].</summary>
internal sealed class GlobalAveragePoolLayer : Layer
{
    public override string Kind => "GlobalAveragePool";

    public override Value? Lower(LayerCall call, LayerScope scope, Value input)
    {
        var (x, rank) = (input.Node, input.Shape.Rank);
        if (rank < 3) return scope.NotAccepted("channels at several positions, [N, …, channels]", "");
        var sum = GraphBuilder.Reduce(
            scope.NodeName + "Sum", ReduceOp.Sum, Shape.Batch(input.Width), x.Shape, IndexMap.Project(0, rank - 1), Input(0), Operand.Whole(x));
        var mean = GraphBuilder.Pointwise(scope.NodeName, Multiply(Input(0), Const((double)input.Width / input.Shape.Length)), sum);
        return new Value(mean, IsSequence: false, input.Trail);
    }
}
