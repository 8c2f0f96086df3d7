using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Parsing;

/// <summary>What stands where in a list of layers: the input first, the loss last, neither of them in a block.</summary>
internal static class LayerOrder
{
    private static readonly HashSet<string> Inputs = ["Input", "TokenInput"];

    private static readonly HashSet<string> Losses =
        ["MeanSquaredError", "MeanAbsoluteError", "Huber", "BinaryCrossEntropy", "SoftmaxCrossEntropy", "Loss"];

    public static bool IsInput(LayerSpec layer) => Inputs.Contains(layer.Kind);

    public static bool IsLoss(LayerSpec layer) => Losses.Contains(layer.Kind);

    public static IEnumerable<Problem> CheckBlock(BlockSpec block) =>
        block.Layers.Where(layer => IsInput(layer) || IsLoss(layer))
            .Select(layer => Problem.At(Descriptors.NotInBlock.Id, layer.Site, layer.Kind, block.Name));

    public static IEnumerable<Problem> CheckModel(TypeSpec type, IReadOnlyList<LayerSpec> layers) =>
        CheckInputs(type, layers).Concat(CheckLosses(type, layers));

    private static IEnumerable<Problem> CheckInputs(TypeSpec type, IReadOnlyList<LayerSpec> layers)
    {
        var inputs = layers.Where(IsInput).ToList();
        if (inputs.Count == 0) return [Problem.At(Descriptors.MissingInput.Id, Site.OfType(type.Key), type.Name)];
        if (inputs.Count > 1)
        {
            return inputs.Skip(1).Select(input =>
                Problem.At(Descriptors.SeveralInputs.Id, input.Site, type.Name, inputs[0].Kind).With(inputs[0].Site));
        }

        return inputs[0] == layers[0] ? []
            : [Problem.At(Descriptors.InputNotFirst.Id, inputs[0].Site, inputs[0].Kind, type.Name, layers[0].Kind).With(layers[0].Site)];
    }

    private static IEnumerable<Problem> CheckLosses(TypeSpec type, IReadOnlyList<LayerSpec> layers)
    {
        var losses = layers.Where(IsLoss).ToList();
        if (losses.Count == 0) return [Problem.At(Descriptors.MissingLoss.Id, Site.OfType(type.Key), type.Name)];
        if (losses.Count > 1)
        {
            return losses.Skip(1).Select(loss =>
                Problem.At(Descriptors.SeveralLosses.Id, loss.Site, type.Name, losses[0].Kind).With(losses[0].Site));
        }

        var last = layers[layers.Count - 1];
        if (losses[0] == last) return CheckLink(layers);
        return IsInput(last) ? [] // told once, as a misplaced input
            : [Problem.At(Descriptors.LossNotLast.Id, losses[0].Site, losses[0].Kind, type.Name, last.Kind).With(last.Site)];
    }

    private static IEnumerable<Problem> CheckLink(IReadOnlyList<LayerSpec> layers)
    {
        if (layers.Count < 2) return [];
        var (before, loss) = (layers[layers.Count - 2], layers[layers.Count - 1]);
        return (before.Kind, loss.Kind) is ("Softmax", "SoftmaxCrossEntropy") or ("Sigmoid", "BinaryCrossEntropy")
            ? [Problem.At(Descriptors.LinkAppliedTwice.Id, before.Site, loss.Kind, before.Kind.ToLowerInvariant(), before.Kind).With(loss.Site)]
            : [];
    }
}
