using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;
using ModelDsl.Generator.Recompute;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// The methods with [Loss] of a model with a Forward method. Their parameters are bound by name; their results are averaged over all elements. A single loss
/// shares a graph with the outputs. Several losses have a graph each in training; in inference they share one graph with the outputs.
/// </summary>
internal static class LossMethods
{
    public static Lowered? Lower(
        ForwardSpec forward, ForwardRunner runner, IReadOnlyList<LayerValue> inputs, IReadOnlyList<LayerValue> outputs, BlockScope block, LoweringState state)
    {
        var known = new Dictionary<string, LayerValue>();
        for (var i = 0; i < inputs.Count; i++) known[forward.Inputs[i].Name] = inputs[i];
        for (var i = 0; i < outputs.Count; i++) known[forward.Outputs[i]] = outputs[i];
        var isSingle = forward.Losses.Count == 1 && forward.Losses[0].Part.Length == 0;
        var activated = new Dictionary<Node, Node>();
        var roots = new List<Root>(outputs.Select((output, index) => new Root(RootKind.Output, forward.Outputs[index], output.Node)));

        var measured = new List<Root>();
        var graphs = new List<LossGraph>();
        var ofForward = state.NextStates.ToDictionary(next => next.Key, next => next.Value);
        state.Outputs.Close();
        var declared = new Dictionary<string, (LayerSpec Spec, LayerValue Value)>();
        foreach (var loss in forward.Losses)
        {
            // Each of several training steps starts from the stored states. A loss runs Forward if it has parameters that are outputs of Forward.
            var runsForward = isSingle || loss.Parameters.Any(parameter => parameter.Column is null && forward.Outputs.Contains(parameter.Name));
            state.NextStates.Clear();
            if (runsForward) foreach (var next in ofForward) state.NextStates.Add(next.Key, next.Value);
            if (Bind(loss, forward, known, declared, block, state) is not { } given) return null;
            if (runner.RunLoss(loss.Method, given, activated) is not { } losses) return null;
            var name = isSingle || state.Training ? "loss" : loss.Name;
            var root = new Root(RootKind.Loss, name, GraphBuilder.Mean(LayerNames.Camel(name), losses.Node));
            if (!state.Training)
            {
                measured.Add(root);
                continue;
            }

            List<Root> own = [.. isSingle ? roots : [], root, .. States(state.NextStates)];
            own.AddRange(RecomputedBlock.Marks(state.Recomputed, own));
            graphs.Add(new(loss.Name, loss.Part, loss.Member, Verifier.Checked(new ModelGraph(own))));
        }

        if (state.Training) return new(graphs, "Custom") { Comparisons = [.. Comparisons(outputs, state)] };
        var activations = roots.Select(root => root with { Kind = RootKind.OutputActivation, Value = activated.TryGetValue(root.Value, out var value) ? value : root.Value });
        return new([new("loss", "", "", Verifier.Checked(new ModelGraph([.. roots, .. activations, .. measured, .. state.Outputs.Roots])))], "Custom");
    }

    /// <summary>Returns the outputs that losses compare directly with columns; parts of an output, and values computed from it, are not included.</summary>
    private static IEnumerable<OutputComparison> Comparisons(IReadOnlyList<LayerValue> outputs, LoweringState state) =>
        from compared in state.Compared.Distinct()
        from output in Enumerable.Range(0, outputs.Count)
        where outputs[output].Node == compared.Value
        orderby output, compared.Column.Column
        select new OutputComparison(compared.Kind, output, compared.Column.Column);

    /// <summary>Returns the next values of the states that a training step updates.</summary>
    public static IEnumerable<Root> States(IEnumerable<KeyValuePair<StateNode, Node>> states) =>
        states.Select(next => new Root(RootKind.State, next.Key.Name, next.Value, next.Key));

    /// <summary>Returns the values of a loss's parameters; null after reporting.</summary>
    private static List<LayerValue>? Bind(
        LossSpec loss,
        ForwardSpec forward,
        Dictionary<string, LayerValue> known,
        Dictionary<string, (LayerSpec Spec, LayerValue Value)> declared,
        BlockScope block,
        LoweringState state)
    {
        var values = new List<LayerValue>();
        foreach (var parameter in loss.Parameters)
        {
            if (parameter.Column is { } column)
            {
                if (declared.TryGetValue(parameter.Name, out var same) && new LayerCall(same.Spec).Text == new LayerCall(column).Text)
                {
                    values.Add(same.Value);
                    continue;
                }

                if (Lowering.LowerColumn(column, block, state, isTarget: true) is not { } value) return null;
                declared[parameter.Name] = (column, value);
                values.Add(value);
            }
            else if (known.TryGetValue(parameter.Name, out var value))
            {
                values.Add(value);
            }
            else
            {
                state.Report(Problem.At(
                    Descriptors.LossParameter.Id,
                    parameter.Site,
                    parameter.Name,
                    loss.Name,
                    string.Join(", ", forward.Outputs.Select(name => $"'{name}'")),
                    string.Join(", ", forward.Inputs.Select(input => $"'{input.Name}'"))));
                return null;
            }
        }

        return values;
    }
}
