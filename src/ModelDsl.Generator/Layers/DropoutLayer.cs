using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>In training each value is 0 with the given probability and x / (1 − rate) otherwise; in inference nothing happens.</summary>
internal sealed class DropoutLayer : Layer
{
    public override string Kind => "Dropout";

    public override Value? Lower(LayerCall call, LayerScope scope, Value input)
    {
        var rate = call.Number("rate", 0);
        if (!scope.Require(rate is >= 0 and < 1, "rate", "at least 0 and less than 1")) return null;
        if (!scope.Training || rate == 0) return input;
        var body = Select(Less(Input(1), Const(rate)), Zero, Multiply(Input(0), Const(1 / (1 - rate))));
        return input with { Node = GraphBuilder.Pointwise(scope.NodeName, body, input.Node, scope.Random(input.Shape)) };
    }
}
