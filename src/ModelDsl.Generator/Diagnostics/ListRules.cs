using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>Mistakes in a list of layers that its lowering does not meet.</summary>
internal static class ListRules
{
    /// <summary>A block that nobody uses is not lowered, but inputs and losses are out of place in it all the same.</summary>
    public static IEnumerable<Problem> CheckBlock(BlockSpec block) =>
        from layer in block.Layers
        let known = LayerTable.TryFind(layer.Kind)
        where known is SourceLayer or LossLayer or OutputLayer
        select known is OutputLayer
            ? NamedOutputs.InBlock(new LayerCall(layer), block.Name)
            : Problem.At(Descriptors.NotInBlock.Id, layer.Site, $"[{layer.Kind}]", block.Name).Suggest(Repair.Remove(layer.Site, $"[{layer.Kind}]"));

    /// <summary>Layers without the names of their outputs.</summary>
    private static List<LayerSpec> Computing(ModelSpec spec) => [.. spec.Layers.Where(layer => layer.Kind != NamedOutputs.Kind)];

    // With these alone nothing says that a sample is more than one thing to classify: no sequence, no image with a label per pixel.
    private static readonly HashSet<string> Plain = ["Dense", "Dropout", "LayerNorm", "RmsNorm", "BatchNorm", NamedOutputs.Kind];

    /// <summary>
    /// A dense network on samples with several axes, without [Flatten]: it compiles, and takes a label for each row of a sample, which is
    /// seldom what was meant.
    /// </summary>
    public static IEnumerable<Problem> CheckAxes(ModelSpec spec, LoweredModel lowered)
    {
        if (lowered.LossKind != "Classes" || lowered.Targets.Count != 1) return [];
        var target = lowered.Targets[0];
        if (target.IsSequence || target.Node.Shape.Rank < 2) return [];
        var layers = spec.Layers.Skip(1).Take(spec.Layers.Count - 2).ToList();
        var isPlain = layers.TrueForAll(layer => Plain.Contains(layer.Kind) || LayerTable.Find(layer.Kind) is PointwiseLayer);
        if (spec.Forward is not null || !isPlain || layers.Find(layer => layer.Kind == "Dense") is not { } dense) return [];
        var (text, shape) = ($"[{new LayerCall(dense).Text}]", lowered.Inputs[0].Node.Shape);
        return
        [
            Problem.At(Descriptors.MissingFlatten.Id, dense.Site, spec.Layers[spec.Layers.Count - 1].Kind, target.Node.Shape.Length.ToString(Names.Invariant), text, shape.ToString())
                .Suggest(Repair.InsertBefore(dense.Site, "Flatten", $"Insert [Flatten] before {text}")),
        ];
    }

    /// <summary>An activation right before a loss that applies it itself: nothing is wrong with the shapes, and it trains badly.</summary>
    public static IEnumerable<Problem> CheckLink(ModelSpec spec)
    {
        var layers = Computing(spec);
        if (layers.Count < 2) return [];
        var (before, loss) = (layers[layers.Count - 2], layers[layers.Count - 1]);
        var isOwn = loss.Kind == "Loss" && new LayerCall(loss).Word("outputActivation", "None") == before.Kind;
        if (!isOwn && (before.Kind, loss.Kind) is not (("Softmax", "SoftmaxCrossEntropy") or ("Sigmoid", "BinaryCrossEntropy"))) return [];
        var link = $"the {before.Kind.ToLowerInvariant()}";
        return [Problem.At(Descriptors.LinkAppliedTwice.Id, before.Site, loss.Kind, link, before.Kind).With(loss.Site).Suggest(Repair.Remove(before.Site, $"[{before.Kind}]"))];
    }
}
