using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>y = x·Wᵀ + b over the last axis: [N, …, in] → [N, …, units]; weight [units, in], bias [units].</summary>
internal sealed class DenseLayer : Layer
{
    public override string Kind => "Dense";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var units = call.Int("units");
        if (!scope.Require(units > 0, "units", "positive")) return null;
        var kernel = Initializers.Of(scope, "kernelInitializer", "GlorotUniform", input.Width, units);
        if (kernel is null || scope.Parameter("weight", kernel, units, input.Width) is not { } weight) return null;
        FlattenedPicture.Note(scope.State, input, weight);
        if (!scope.Fits($"The output of '{scope.Name}'", input.Shape.Length / input.Width, units)) return null;
        var product = GraphBuilder.Product(scope.NodeName, input.Node, weight);
        var output = input with { Node = product, Written = new(Kind, call.SiteOf("units"), units) };
        if (!call.Flag("useBias", true)) return output;

        if (Initializers.Of(scope, "biasInitializer", "Zeros", 0, 0, scaled: false) is not { } fill) return null;
        if (scope.Parameter("bias", fill, units) is not { } bias) return null;
        var sum = GraphBuilder.Map(
            scope.NodeName, product.Shape, Add(Input(0), Input(1)), Operand.Whole(product), Operand.Trailing(bias, product.Shape.Rank));
        return output with { Node = sum };
    }
}
