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
        if (scope.Parameter("weight", fill, vocabulary, width) is not { } table) return null;
        if (!scope.Fits($"The output of '{scope.Name}'", input.Shape.Length, width)) return null;
        return input with { Node = GraphBuilder.Gather(scope.NodeName, table, input.Node), Written = new(Kind, call.SiteOf("width"), width) };
    }
}
