using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>x + B(x): the block's result is added to its input.</summary>
internal sealed class ResidualLayer : Composite
{
    public override string Kind => "Residual";

    public override LayerValue? LowerBlocks(LayerCall call, BlockScope block, LoweringState state, LayerValue input)
    {
        var name = call.Word("name", "");
        return LayerLists.LowerBlock(call, 0, name.Length > 0 ? name : null, block, state, [input], (scope, output) => Sum(scope, input, output));
    }

    private static LayerValue? Sum(LayerScope scope, LayerValue input, LayerValue output)
    {
        if (input.Node.Type == ElementType.Int) return scope.TokensNotAccepted();
        if (output.Shape == input.Shape)
        {
            return (output with { Node = GraphBuilder.Pointwise(scope.NodeName + "Sum", Add(Input(0), Input(1)), input.Node, output.Node) })
                .After(scope.Path, scope.Call.Site);
        }

        var onlyLast = output.Shape.Rank == input.Shape.Rank && output.Shape.WithLast(input.Width) == input.Shape;
        var suggestion = onlyLast ? $"did you mean [Dense({input.Width})] as its last layer?" : "";
        return scope.Report(Problem.At(
            Descriptors.ResidualShape.Id,
            scope.Call.SiteOfBlock(0),
            $"'{scope.Name}'",
            input.ShapeText,
            output.ShapeText,
            $"{output.Trail} → {scope.Name} ✗",
            LayerScope.After(suggestion)).With(output.Trail!.Site).Suggest(onlyLast ? Resizing.To(output, input.Width, null) : null));
    }
}
