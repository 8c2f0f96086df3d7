using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>A model's layers by their part: the input first, the loss last.</summary>
internal readonly record struct LayerOrder(LayerSpec Input, IReadOnlyList<LayerSpec> Middle, LayerSpec Loss)
{
    /// <summary>The order, or null after reporting what is missing, misplaced or doubled.</summary>
    public static LayerOrder? Check(ModelSpec spec, LoweringState state)
    {
        var model = spec.Type.Name;
        var layers = spec.Layers;
        var before = state.Problems.Count;
        var inputs = layers.Where(layer => LayerTable.Find(layer.Kind) is SourceLayer).ToArray();
        var losses = layers.Where(layer => LayerTable.Find(layer.Kind) is LossLayer).ToArray();

        if (inputs.Length == 0) state.Report(Problem.At(Descriptors.MissingInput.Id, Site.OfType(spec.Type.Key), model));
        else if (inputs[0] != layers[0]) state.Report(Problem.At(Descriptors.InputNotFirst.Id, inputs[0].Site, Text(inputs[0]), model, Text(layers[0])).Suggest(Move(RepairKind.MoveBefore, inputs[0], layers[0])));
        foreach (var extra in inputs.Skip(1))
        {
            state.Report(Problem.At(Descriptors.SeveralInputs.Id, extra.Site, model, Text(inputs[0])).With(inputs[0].Site).Suggest(Repair.Remove(extra.Site, Text(extra))));
        }

        // Without an input nothing can be said of the loss either: the list as a whole is unfinished.
        if (inputs.Length == 0) return null;
        if (losses.Length == 0) state.Report(Problem.At(Descriptors.MissingLoss.Id, Site.OfType(spec.Type.Key), model).Suggest(Loss("SoftmaxCrossEntropy"), Loss("MeanSquaredError")));
        foreach (var extra in losses.Skip(1))
        {
            state.Report(Problem.At(Descriptors.SeveralLosses.Id, extra.Site, model, Text(losses[0])).With(losses[0].Site).Suggest(Repair.Remove(extra.Site, Text(extra))));
        }

        var last = layers[layers.Count - 1];
        if (losses.Length == 1 && losses[0] != last)
        {
            state.Report(Problem.At(Descriptors.LossNotLast.Id, losses[0].Site, Text(losses[0]), model, Text(last))
                .Suggest(Move(RepairKind.MoveAfter, losses[0], last)));
        }

        return state.Problems.Count > before
            ? null
            : new LayerOrder(layers[0], [.. layers.Skip(1).Take(layers.Count - 2)], last);

        // Where the input stands on a parameter, there may be no attribute that a loss could come after.
        Repair? Loss(string kind) => layers[layers.Count - 1].Site is { Kind: SiteKind.Attribute } end ? Repair.InsertAfter(end, kind, $"Add [{kind}]") : null;
    }

    private static Repair Move(RepairKind kind, LayerSpec layer, LayerSpec target) =>
        new(kind, layer.Site, "", $"Move {Text(layer)} {(kind == RepairKind.MoveBefore ? "before" : "after")} {Text(target)}", target.Site);

    private static string Text(LayerSpec spec) => $"[{new LayerCall(spec).Text}]";
}
