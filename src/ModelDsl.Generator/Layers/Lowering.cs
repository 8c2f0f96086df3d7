using ModelDsl.Generator.Buckets;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;
using ModelDsl.Generator.Recompute;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Layers;

/// <summary>Converts a list of layers or a Forward method to graphs: one per loss for training, and one for inference, with the same parameters and columns.</summary>
internal static class Lowering
{
    /// <summary>Lowers a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="cancellation">Checked after each layer.</param>
    public static LoweredModel Lower(ModelSpec spec, CancellationToken cancellation = default)
    {
        // A model for prediction only has no graphs of training: inference is the only lowering, which reports all problems.
        var training = new LoweringState(spec, training: !spec.IsPredictionOnly, cancellation);
        var train = Lower(spec, training);
        var problems = spec.Problems.Concat(training.Problems).ToList();
        var stops = problems.Any(problem => Descriptors.StopsGeneration(problem.Id));
        var inference = spec.IsPredictionOnly ? training : new LoweringState(spec, training: false, cancellation, training);
        var infer = train is null || stops ? null : spec.IsPredictionOnly ? train : Lower(spec, inference);
        var losses = infer is null || spec.IsPredictionOnly ? [] : train!.Losses;
        problems.AddRange(inference.Problems.Where(problem => !problems.Contains(problem)));
        if (spec.Generates && infer is not null) problems.AddRange(DecodingCheck.Of(spec, inference, infer.Losses[0].Graph));
        var buckets = infer is null || training.Buckets is null ? []
            : new BucketLowering(spec, training, state => Lower(spec, state), cancellation).Lower(losses, infer.Losses[0].Graph, problems);
        var lowered = new LoweredModel(
            problems,
            losses.Count == 0 ? null : losses[0].Graph,
            infer?.Losses[0].Graph,
            training.Inputs,
            training.Targets,
            training.Parameters,
            training.Rows,
            train?.Kind ?? Lowered.NoLoss)
        {
            Losses = losses,
            Comparisons = train?.Comparisons ?? [],
            ComparedElements = training.ComparedElements,
            Pictures = training.Pictures,
            WeightColumn = training.WeightColumn,
            WeightColumns = training.WeightColumns,
            ClassWeights = training.ClassWeights,
            NeedsTwoSamples = training.NeedsTwoSamples,
            Doubts = training.Doubts,
            InputBuckets = training.Buckets,
            Buckets = buckets,
            FormerNames = training.FormerNames.ToEquatableArray(),
        };
        return infer is null ? lowered : lowered with { Problems = [.. problems, .. FormerNameRules.Check(lowered)] };
    }

    /// <summary>Returns the graphs of a model: one for each loss in training, a single one in inference.</summary>
    private static Lowered? Lower(ModelSpec spec, LoweringState state)
    {
        // Nothing changes the weights of a model for prediction only.
        var block = new BlockScope(spec.Type.Name, "", 0, isFrozen: spec.IsPredictionOnly);
        if (LayerOrder.Check(spec, state) is not { } order) return null;
        var inputs = order.Inputs.Select(input => LowerInput(input, block, state)).ToList();
        if (inputs.Contains(null) || !HasPadding(order.Inputs, block, state)) return null;
        if (spec.Forward is { } forward && inputs.Count != forward.Inputs.Count && forward.IsReadable) return null;

        var runner = spec.Forward is { } method ? new ForwardRunner(method, BlockArguments.None, block, state) : null;
        var outputs = runner is not null ? runner.RunModel([.. inputs.OfType<LayerValue>()])
            : LayerLists.Lower(order.Middle, block, state, inputs[0]!) is { } end ? [end]
            : null;
        if (outputs is null)
        {
            // The arguments are checked in training only, because inference has the same arguments; columns may have another shape there.
            if (state.Training && order.Loss is { } unknown) state.CheckArguments(() => LowerLoss(unknown, block, state, inputs[0]!));
            return null;
        }

        if (!state.FitOutputs(outputs)) return null;
        if (spec.IsPredictionOnly) return WithoutLoss(spec, outputs, block, state);
        if (order.Loss is not { } loss) return LossMethods.Lower(spec.Forward!, runner!, [.. inputs.OfType<LayerValue>()], outputs, block, state);
        var measured = LowerLoss(loss, block, state, outputs[0]);
        if (measured is not null) RowRules.Check(outputs[0], loss, measured.Kind, state);
        return OfOutput(measured, outputs[0], state);
    }

    /// <summary>Whether padding says how long a sample is, if the inputs have buckets; false after reporting.</summary>
    private static bool HasPadding(IReadOnlyList<LayerSpec> inputs, BlockScope block, LoweringState state)
    {
        if (state.Buckets is null or { Paddings.Count: > 0 }) return true;
        var call = inputs.Select(input => new LayerCall(input)).First(input => input.Ints("buckets").Count > 0);
        return new LayerScope(state, block, call, "input", null).Require(
            false, "buckets", "used with Padding, the token that fills the end of a sample, as in [TokenInput(512, 20000, Padding = 0, Buckets = new[] { 64, 128, 256 })]");
    }

    /// <summary>Returns the inference graph of a model for prediction only, whose outputs are as the last layer or <c>Forward</c> leaves them; null after reporting.</summary>
    private static Lowered? WithoutLoss(ModelSpec spec, IReadOnlyList<LayerValue> outputs, BlockScope block, LoweringState state)
    {
        if (outputs.FirstOrDefault(output => output.Node.Type == ElementType.Int) is { } tokens)
        {
            var call = new LayerCall(new("The output", EquatableArray<ArgumentSpec>.Empty, EquatableArray<string>.Empty, tokens.Trail!.Site));
            new LayerScope(state, block, call, "output", tokens).NotAccepted("numbers", "token ids become numbers in an embedding: add a layer such as Embedding(64)");
            return null;
        }

        var names = spec.Forward?.Outputs ?? EquatableArray.Of(ForwardSpec.SingleOutput);
        var roots = outputs.Select((output, index) => new Root(RootKind.Output, names[index], output.Node)).ToList();
        roots.AddRange(roots.Select(root => root with { Kind = RootKind.OutputActivation }).ToList());
        roots.AddRange(state.Outputs.Roots);
        return new([new("", "", "", Verifier.Checked(new ModelGraph(roots)))], Lowered.NoLoss);
    }

    private static Lowered? OfOutput(LossValue? loss, LayerValue output, LoweringState state)
    {
        if (loss is null) return null;
        var roots = new List<Root> { new(RootKind.Output, ForwardSpec.SingleOutput, output.Node) };
        if (!state.Training) roots.Add(new(RootKind.OutputActivation, ForwardSpec.SingleOutput, loss.Activated));
        roots.Add(new(RootKind.Loss, "loss", loss.Mean));
        roots.AddRange(LossMethods.States(state.NextStates));
        roots.AddRange(state.Training ? RecomputedBlock.Marks(state.Recomputed, roots) : state.Outputs.Roots);
        return new([new("loss", "", "", Verifier.Checked(new ModelGraph(roots)))], loss.Kind);
    }

    private static LayerValue? LowerInput(LayerSpec spec, BlockScope block, LoweringState state)
    {
        var value = LowerColumn(spec, block, state, isTarget: false);
        if (value is not null) state.Rows.Add(new LayerRow(0, value.Producer, new LayerCall(spec).Text, value.ShapeText, 0, 0, 4L * value.Shape.Length));
        return value;
    }

    /// <summary>Lowers a column of the data with its declared name; null after reporting.</summary>
    public static LayerValue? LowerColumn(LayerSpec spec, BlockScope block, LoweringState state, bool isTarget)
    {
        var call = new LayerCall(spec);
        var given = call.Word("name", "");
        var scope = new LayerScope(state, block, call, given.Length > 0 ? given : "input", null) { IsTarget = isTarget };
        if (!LayerLists.Claim(scope.Name, call, block, state)) return null;
        return ((SourceLayer)LayerTable.Find(spec.Kind)).Lower(call, scope)?.After(scope.Name, call.Site, call);
    }

    private static LossValue? LowerLoss(LayerSpec spec, BlockScope block, LoweringState state, LayerValue output)
    {
        var call = new LayerCall(spec);
        var scope = new LayerScope(state, block, call, "loss", output);
        if (output.Node.Type == ElementType.Int)
        {
            LossTargets.Misfit(call, scope, "", "numbers", "did you mean [Embedding(64)] and [Dense(…)] before it?");
            return null;
        }

        return ((LossLayer)LayerTable.Find(spec.Kind)).LowerLoss(call, scope, output);
    }
}

/// <summary>The result of one lowering of a model.</summary>
/// <param name="Losses">A graph for each loss; a single one in inference.</param>
/// <param name="Kind">What the loss measures: the name of a member of the runtime's <c>LossKind</c>.</param>
internal sealed record Lowered(IReadOnlyList<LossGraph> Losses, string Kind)
{
    /// <summary>The member of <c>LossKind</c> for a model without a loss.</summary>
    public const string NoLoss = "None";

    /// <summary>For losses that are methods: the outputs and columns that they compare.</summary>
    public IReadOnlyList<OutputComparison> Comparisons { get; init; } = [];
}
