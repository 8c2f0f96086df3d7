using ModelDsl.Generator.Buckets;
using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The model, its parameters and its graphs, from which the members of a generated class are written.</summary>
/// <param name="Spec">The model as declared.</param>
/// <param name="Lowered">Its graphs, as lowered from the layers.</param>
/// <param name="Parameters">The layout of its parameters, the same for all targets.</param>
/// <param name="TrainingGraphs">The training graph of each loss; empty for a model for prediction only.</param>
/// <param name="InferGraph">The inference graph.</param>
/// <param name="Targets">The targets that programs are written for.</param>
internal sealed record CompiledModel(
    ModelSpec Spec, LoweredModel Lowered, ParameterPlan Parameters, IReadOnlyList<PreparedGraph> TrainingGraphs, PreparedGraph InferGraph, IReadOnlyList<Target> Targets)
{
    /// <summary>The graphs of sessions; null for a model that generates nothing.</summary>
    public DecodingGraphs? Decoding { get; init; }

    /// <summary>The graphs of the buckets of the inputs, in ascending order; empty if there are none.</summary>
    public IReadOnlyList<BucketGraphs> Buckets { get; init; } = [];

    /// <summary>Whether its inference graph is written as data, for packages that read it.</summary>
    public bool DescribesGraph { get; init; }

    /// <summary>The training graph of each loss if no block was computed again; null if none is.</summary>
    public Lazy<IReadOnlyList<PreparedGraph>>? WithoutRecomputation { get; init; }

    /// <summary>The outputs in the order in which they are declared.</summary>
    public IReadOnlyList<Root> Outputs { get; } = [.. InferGraph.Graph.Roots.Where(root => root.Kind == RootKind.Output)];

    /// <summary>The values inside the network that have names, in the order in which they are computed.</summary>
    public IReadOnlyList<Root> Named { get; } = [.. InferGraph.Graph.Roots.Where(root => root.Kind == RootKind.Named)];

    /// <summary>The name of a step. With several losses it includes the name of the loss.</summary>
    public string StepName(string step, int loss) => Lowered.HasSeveralLosses ? step + Layers.LayerNames.Pascal(Lowered.Losses[loss].Name) : step;

    public ProgramNames Names { get; } = new(Spec.Type);

    /// <summary>Whether the loss has an output activation that changes an output, such as the softmax that converts logits to probabilities.</summary>
    public bool HasOutputActivation(Root output) =>
        InferGraph.Graph.Roots.FirstOrDefault(root => root.Kind == RootKind.OutputActivation && root.Name == output.Name) is { } activated
        && Aliases.Source(activated.Value) != Aliases.Source(output.Value);

    /// <summary>Whether training steps do not keep an output, because it has too many classes.</summary>
    public bool DropsOutput(Root output) =>
        output.Kind == RootKind.Output && TrainingGraphs.Count == 1 && !Lowered.HasSeveralLosses && !TrainingGraphs[0].Graph.Roots.Any(root => root.Kind == RootKind.Output && root.Name == output.Name);

    /// <summary>
    /// Returns the bytes per sample of a training step on the first target, with and without recomputation; null if no block is computed again. With several losses it is that of the
    /// largest step.
    /// </summary>
    public (long Bytes, long BytesWithout)? RecomputationMemory(CancellationToken cancellation = default)
    {
        if (WithoutRecomputation is null || Targets.Count == 0) return null;
        long Bytes(IReadOnlyList<PreparedGraph> graphs) => graphs.Max(graph => Plan(Targets[0], graph, Lowered.InputBuckets?.Length, cancellation).Arenas.Batched);
        return (Bytes(TrainingGraphs), Bytes(WithoutRecomputation.Value));
    }

    /// <summary>The plans of a target.</summary>
    public TargetPlans PlansFor(Target target, CancellationToken cancellation = default)
    {
        GraphPlan Plan(PreparedGraph graph, int? positions) => this.Plan(target, graph, positions, cancellation);
        IReadOnlyList<GraphPlan> Plans(IEnumerable<PreparedGraph> graphs, int? positions) => [.. graphs.Select(graph => Plan(graph, positions))];
        var all = Lowered.InputBuckets?.Length;
        var plans = new TargetPlans(target, Plans(TrainingGraphs, all), Plan(InferGraph, all))
        {
            Decoding = target.HasSessions && Decoding is not null ? Plans(Decoding.All, all) : [],
            Buckets = target.HasBuckets ? [.. Buckets.Select(bucket => new BucketPlans(bucket.Length, Plans(bucket.Training, bucket.Length), Plan(bucket.Infer, bucket.Length)))] : [],
        };
        return plans with { Copies = ParameterCopies.Plan([plans.Infer, .. plans.Decoding, .. plans.Buckets.Select(bucket => bucket.Infer)]) };
    }

    private GraphPlan Plan(Target target, PreparedGraph graph, int? positions, CancellationToken cancellation)
    {
        var options = new ScheduleOptions(Spec.UsesTf32)
        {
            Positions = positions is { } count ? new(count, Lowered.InputBuckets!.Length) : null,

            HasAnyRows = target.HasSessions && Decoding is not null,

            // Those of training steps stay in the arena, because parameters change after most steps.
            KeepsCopies = !graph.Graph.Roots.Any(root => root.Kind is RootKind.Gradient or RootKind.State),
        };
        return target.Schedule(graph.Fuse(target.Limits), Parameters, options, cancellation);
    }
}

/// <summary>The plans of a model for a target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Training">The training plan of each loss; empty for a model for prediction only.</param>
/// <param name="Infer">The inference plan.</param>
internal sealed record TargetPlans(Target Target, IReadOnlyList<GraphPlan> Training, GraphPlan Infer)
{
    /// <summary>The plans of sessions: a chunk of positions, a single position, and the encoder if the model has other inputs; empty if the target or the model has no sessions.</summary>
    public IReadOnlyList<GraphPlan> Decoding { get; init; } = [];

    /// <summary>The plans of the buckets, in ascending order; empty if the target or the model has no buckets.</summary>
    public IReadOnlyList<BucketPlans> Buckets { get; init; } = [];

    /// <summary>The copies of parameters that inference and sessions use.</summary>
    public ParameterCopies Copies { get; init; } = ParameterCopies.None;
}

/// <summary>The plans of a bucket.</summary>
/// <param name="Length">The number of positions.</param>
/// <param name="Training">The training plan of each loss; empty for a model for prediction only.</param>
/// <param name="Infer">The inference plan.</param>
internal sealed record BucketPlans(int Length, IReadOnlyList<GraphPlan> Training, GraphPlan Infer);
