using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>In training each channel of a sample is set to 0 with the given probability and otherwise divided by 1 − rate; in inference it is unchanged.</summary>
internal sealed class Dropout2DLayer : Layer
{
    public override string Kind => "Dropout2D";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var rate = call.Number("rate", 0);
        if (!scope.Require(rate is >= 0 and < 1, "rate", "at least 0 and less than 1")) return null;
        var rank = input.Shape.Rank;
        if (rank < 3)
        {
            return scope.NotAccepted("channels at several positions, [N, …, channels]", $"did you mean Dropout({rate.ToString("R", LayerNames.Invariant)})?");
        }

        if (!scope.Training || rate == 0) return input;

        // One random number per channel, which all positions read.
        var kept = GraphBuilder.Pointwise(
            scope.NodeName + "Kept", Select(Less(Input(0), Const(rate)), Zero, Const(1 / (1 - rate))), scope.Random(Shape.Batch(input.Width)));
        return input with
        {
            Node = GraphBuilder.Map(
                scope.NodeName, input.Shape, Multiply(Input(0), Input(1)), Operand.Whole(input.Node), new Operand(kept, IndexMap.Project(0, rank - 1))),
        };
    }
}
