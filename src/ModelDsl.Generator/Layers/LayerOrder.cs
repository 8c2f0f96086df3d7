using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>The layers of a model by role: the inputs first, the loss last. The loss is null if methods declare the losses, or if the model is for prediction only.</summary>
internal readonly record struct LayerOrder(IReadOnlyList<LayerSpec> Inputs, IReadOnlyList<LayerSpec> Middle, LayerSpec? Loss)
{
    /// <summary>Returns the order, or null after reporting layers that are missing, misplaced or duplicate.</summary>
    public static LayerOrder? Check(ModelSpec spec, LoweringState state)
    {
        var model = spec.Type.Name;
        var before = state.Problems.Count;
        var layers = NamedOutputs.InOrder(spec.Layers, state);
        var inputs = layers.Where(layer => LayerTable.Find(layer.Kind) is SourceLayer).ToArray();
        var losses = layers.Where(layer => LayerTable.Find(layer.Kind) is LossLayer).ToArray();
        var count = CheckParameters(spec, inputs.Length, state);

        // A loss before the input is reported only as a loss that is not last.
        var first = layers.FirstOrDefault(layer => !losses.Contains(layer));
        if (inputs.Length == 0 && count == 1) state.Report(Problem.At(Descriptors.MissingInput.Id, Site.OfType(spec.Type.Key), model));
        else if (inputs.Length > 0 && inputs[0] != first) state.Report(Problem.At(Descriptors.InputNotFirst.Id, inputs[0].Site, Text(inputs[0]), model, Text(first!)).Suggest(Move(RepairKind.MoveBefore, inputs[0], first!)));
        foreach (var extra in inputs.Skip(count))
        {
            state.Report(Problem.At(Descriptors.SeveralInputs.Id, extra.Site, model, Text(inputs[0])).With(inputs[0].Site).Suggest(Repair.Remove(extra.Site, Text(extra))));
        }

        // Without an input the list is incomplete, so the loss is not checked.
        if (inputs.Length == 0) return null;
        CheckLosses(spec, losses, state);
        var last = layers[layers.Count - 1];
        if (losses.Length == 1 && losses[0] != last)
        {
            state.Report(Problem.At(Descriptors.LossNotLast.Id, losses[0].Site, Text(losses[0]), model, Text(last))
                .Suggest(Move(RepairKind.MoveAfter, losses[0], last)));
        }

        if (state.Problems.Count > before) return null;
        var middle = layers.Skip(inputs.Length).Take(layers.Count - inputs.Length - losses.Length);
        return new LayerOrder(inputs, [.. middle], losses.FirstOrDefault());
    }

    /// <summary>Returns the expected number of inputs. Each of several inputs is declared on a parameter; a single one may be declared on the class.</summary>
    private static int CheckParameters(ModelSpec spec, int inputs, LoweringState state)
    {
        if (spec.Forward is not { Inputs: { Count: > 1 } parameters }) return 1;
        foreach (var parameter in parameters.Where(parameter => parameter.Column is null))
        {
            state.Report(Problem.At(Descriptors.UndeclaredInput.Id, parameter.Site, parameter.Name));
        }

        return Math.Min(inputs, parameters.Count(parameter => parameter.Column is not null));
    }

    private static void CheckLosses(ModelSpec spec, LayerSpec[] losses, LoweringState state)
    {
        var model = spec.Type.Name;
        var methods = spec.Forward?.Losses ?? Common.EquatableArray<Parsing.Bodies.LossSpec>.Empty;
        var hasMisplaced = spec.Problems.Any(problem => problem.Id == Descriptors.LossSignature.Id);
        if (spec.IsPredictionOnly)
        {
            foreach (var loss in losses) state.Report(Unused(loss.Site, Text(loss)).Suggest(Repair.Remove(loss.Site, Text(loss))));
            foreach (var loss in methods) state.Report(Unused(loss.Site, $"'{loss.Name}'"));
            return;
        }

        if (losses.Length == 0 && methods.Count == 0 && spec.Forward?.IsReadable != false && !hasMisplaced)
        {
            state.Report(Problem.At(Descriptors.MissingLoss.Id, Site.OfType(spec.Type.Key), model)
                .Suggest(Loss("SoftmaxCrossEntropy"), Loss("MeanSquaredError"), Repair.AddOption(Site.OfType(spec.Type.Key), "Model", $"{ModelParser.PredictionOnly} = true")));
        }

        foreach (var extra in losses.Skip(methods.Count > 0 ? 0 : 1))
        {
            var (first, site) = methods.Count > 0 ? ($"'{methods[0].Name}'", methods[0].Site) : (Text(losses[0]), losses[0].Site);
            state.Report(Problem.At(Descriptors.SeveralLosses.Id, extra.Site, model, first).With(site).Suggest(Repair.Remove(extra.Site, Text(extra))));
        }

        if (losses.Length == 1 && methods.Count == 0 && spec.Forward is { Outputs: { Count: > 1 } outputs })
        {
            state.Report(Problem.At(Descriptors.SeveralOutputs.Id, losses[0].Site, Text(losses[0]), string.Join(", ", outputs.Select(output => $"'{output}'"))));
        }

        Problem Unused(Site site, string loss) => Problem.At(Descriptors.LossOfPredictionOnly.Id, site, model, loss);

        // If the input is on a parameter, there may be no attribute to insert a loss after.
        Repair? Loss(string kind) => spec.Layers[spec.Layers.Count - 1].Site is { Kind: SiteKind.Attribute } end ? Repair.InsertAfter(end, kind, $"Add [{kind}]") : null;
    }

    private static Repair Move(RepairKind kind, LayerSpec layer, LayerSpec target) =>
        new(kind, layer.Site, "", $"Move {Text(layer)} {(kind == RepairKind.MoveBefore ? "before" : "after")} {Text(target)}", target.Site);

    private static string Text(LayerSpec spec) => $"[{new LayerCall(spec).Text}]";
}
