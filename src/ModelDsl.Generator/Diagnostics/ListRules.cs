using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>Mistakes in a list of layers that its lowering does not meet.</summary>
internal static class ListRules
{
    /// <summary>A block that nobody uses is not lowered, but inputs and losses are out of place in it all the same.</summary>
    public static IEnumerable<Problem> CheckBlock(BlockSpec block) =>
        from layer in block.Layers
        where LayerTable.All.Any(known => known.Kind == layer.Kind && known is SourceLayer or LossLayer)
        select Problem.At(Descriptors.NotInBlock.Id, layer.Site, $"[{layer.Kind}]", block.Name);

    /// <summary>An activation right before a loss that applies it itself: nothing is wrong with the shapes, and it trains badly.</summary>
    public static IEnumerable<Problem> CheckLink(ModelSpec spec)
    {
        var layers = spec.Layers;
        if (layers.Count < 2) return [];
        var (before, loss) = (layers[layers.Count - 2], layers[layers.Count - 1]);
        if ((before.Kind, loss.Kind) is not (("Softmax", "SoftmaxCrossEntropy") or ("Sigmoid", "BinaryCrossEntropy"))) return [];
        var link = $"the {before.Kind.ToLowerInvariant()}";
        return [Problem.At(Descriptors.LinkAppliedTwice.Id, before.Site, loss.Kind, link, before.Kind).With(loss.Site)];
    }
}
