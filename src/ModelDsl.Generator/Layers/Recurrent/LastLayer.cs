using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The values at the last position that is not masked: [N, T, …] → [N, …].</summary>
internal sealed class LastLayer : Layer
{
    public override string Kind => "Last";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (input.Shape.Rank < 3) return scope.NotAccepted("positions with values each, [N, T, …]", "");
        var (positions, x) = (input.Shape[1].Value, input.Node);
        if (input.Mask is not { } mask) return input with { Node = TimeAxis.At(scope.NodeName, x, positions - 1), IsSequence = false };

        // If all positions are masked, the first.
        var last = GraphBuilder.ReduceLast(scope.NodeName + "Position", ReduceOp.Max, mask.Node.Shape, Select(Less(Zero, Input(0)), Index(1), Zero), Operand.Whole(mask.Node));
        int[] kept = [0, .. Enumerable.Range(2, x.Shape.Rank - 2)];
        var node = GraphBuilder.Reduce(
            scope.NodeName, ReduceOp.Sum, TimeAxis.Remove(x.Shape), x.Shape, IndexMap.Project(kept), Select(Equal(Index(1), Input(1)), Input(0), Zero), Operand.Whole(x), new Operand(last, IndexMap.Project(0)));
        return input with { Node = node, IsSequence = false };
    }
}
