using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Looks up a row of a table for each token: ids [N, T] → [N, T, width]; weight [vocabulary, width].</summary>
internal sealed class EmbeddingLayer : Layer
{
    public override string Kind => "Embedding";

    public override bool TakesTokens => true;

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var width = call.Int("width");
        if (!scope.Require(width > 0, "width", "positive")) return null;
        if (!MatrixFunctions.HasRows(scope, input)) return null;
        var vocabulary = input.Bound;
        if (Initializers.Of(scope, "initializer", "Uniform", vocabulary, width) is not { } fill) return null;
        var isSparse = call.Flag("sparseUpdates");
        if (isSparse && !scope.Require(input.Node is InputNode, "sparseUpdates", "false for tokens that are not an input themselves")) return null;
        if (isSparse && !scope.Require(!scope.State.HasSeveralLosses, "sparseUpdates", "false in a model with several losses")) return null;
        if (scope.Table("weight", fill, isSparse ? ((InputNode)input.Node).Column : null, vocabulary, width) is not { } table) return null;
        if (isSparse && !scope.Require(scope.State.IsFirstUse(table), "sparseUpdates", "false in a block that is applied more than once")) return null;
        if (!scope.Fits($"The output of '{scope.Name}'", input.Shape.Length, width)) return null;
        return input with { Node = GraphBuilder.Gather(scope.NodeName, table, input.Node), Written = new(Kind, call.SiteOf("width"), width) };
    }
}
