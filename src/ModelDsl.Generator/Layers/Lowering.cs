using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>From a list of layers or a Forward method to graphs: one for training, one for inference, of the same parameters and columns.</summary>
internal static class Lowering
{
    public static LoweredModel Lower(ModelSpec spec)
    {
        var training = new LoweringState(spec, training: true);
        var train = Lower(spec, training, out var lossKind);
        var problems = spec.Problems.Concat(training.Problems).ToList();
        var stops = problems.Any(problem => Descriptors.StopsGeneration(problem.Id));
        var inference = new LoweringState(spec, training: false, training);
        var infer = train is null || stops ? null : Lower(spec, inference, out _);
        problems.AddRange(inference.Problems.Where(problem => !problems.Contains(problem)));
        return new LoweredModel(
            problems, infer is null ? null : train, infer, training.Inputs, training.Targets, training.Parameters, training.Rows, lossKind)
        {
            NeedsTwoSamples = training.NeedsTwoSamples,
        };
    }

    private static ModelGraph? Lower(ModelSpec spec, LoweringState state, out string lossKind)
    {
        lossKind = "None";
        var block = new BlockScope(spec.Type.Name, "", 0);
        var layers = LayerOrder.Check(spec, state);
        if (layers is not { } order) return null;

        var input = LowerInput(order.Input, block, state);
        var output = input is null ? null
            : spec.Forward is { } forward ? ForwardRunner.Run(forward, BlockArguments.None, block, state, input)
            : LayerLists.Lower(order.Middle, block, state, input);
        if (output is null)
        {
            // Inference sees the arguments that training has seen, and columns of another shape.
            if (input is not null && state.Training) state.CheckArguments(() => LowerLoss(order.Loss, block, state, input));
            return null;
        }

        var loss = LowerLoss(order.Loss, block, state, output);
        if (loss is null) return null;
        lossKind = loss.Kind;
        var roots = new List<Root> { new(RootKind.Output, "output", output.Node) };
        if (!state.Training) roots.Add(new(RootKind.Link, "output", loss.Link));
        roots.Add(new(RootKind.Loss, "loss", loss.Mean));
        roots.AddRange(state.NextStates.Select(next => new Root(RootKind.State, next.Key.Name, next.Value, next.Key)));
        return Verifier.Checked(new ModelGraph(roots));
    }

    private static Value? LowerInput(LayerSpec spec, BlockScope block, LoweringState state)
    {
        var call = new LayerCall(spec);
        var given = call.Word("name", "");
        var scope = new LayerScope(state, block, call, given.Length > 0 ? given : "input", null);
        if (!LayerLists.Claim(scope.Name, call, block, state)) return null;
        var value = ((SourceLayer)LayerTable.Find(spec.Kind)).Lower(call, scope);
        if (value is null) return null;
        state.Rows.Add(new LayerRow(0, scope.Name, call.Text, value.ShapeText, 0, 0, 4L * value.Shape.Length));
        return value.After(scope.Name, call.Site);
    }

    private static LossValue? LowerLoss(LayerSpec spec, BlockScope block, LoweringState state, Value output)
    {
        var call = new LayerCall(spec);
        var scope = new LayerScope(state, block, call, "loss", output);
        if (output.Node.Type == ElementType.Int)
        {
            Targets.Misfit(call, scope, "", "numbers", "did you mean [Embedding(64)] and [Dense(…)] before it?");
            return null;
        }

        return ((LossLayer)LayerTable.Find(spec.Kind)).LowerLoss(call, scope, output);
    }
}
