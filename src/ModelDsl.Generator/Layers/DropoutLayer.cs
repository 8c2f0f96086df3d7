using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>In training each value is set to 0 with the given probability and otherwise divided by 1 − rate; in inference it is unchanged.</summary>
internal sealed class DropoutLayer : Layer
{
    public override string Kind => "Dropout";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var rate = call.Number("rate", 0);
        if (!scope.Require(rate is >= 0 and < 1, "rate", "at least 0 and less than 1")) return null;
        return !scope.Training || rate == 0 ? input : input with { Node = Drop(scope, scope.NodeName, input.Node, rate) };
    }

    /// <summary>Returns the values after dropout as in training: some are 0, and the others are scaled.</summary>
    public static Node Drop(LayerScope scope, string name, Node values, double rate)
    {
        var body = Select(Less(Input(1), Const(rate)), Zero, Multiply(Input(0), Const(1 / (1 - rate))));
        return GraphBuilder.Pointwise(name, body, values, scope.Random(values.Shape));
    }
}
