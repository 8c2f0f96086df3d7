using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit;

/// <summary>Writes the members of a program that describe its plans: the memory and the work of each, and the offsets of outputs and losses.</summary>
internal static class PlanMembers
{
    /// <summary>The names of the members. Kernels in the same class must have other names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Train", "Losses", "Inference", "Outputs", "Decoding", "Buckets"];

    /// <summary>The types that the members use.</summary>
    public static IReadOnlyList<string> Types { get; } = ["ModelDsl.Compiled.BucketPlansDescription", "ModelDsl.Compiled.DecodePlanDescription", "ModelDsl.Compiled.OutputOffsets", "ModelDsl.Compiled.PlanDescription"];

    /// <summary>Writes the members.</summary>
    /// <param name="writer">The writer of the class.</param>
    /// <param name="model">The model.</param>
    /// <param name="training">The training plan of each loss; empty for a model for prediction only.</param>
    /// <param name="infer">The inference plan.</param>
    /// <param name="decoding">The plans of sessions; null or empty if there are none.</param>
    /// <param name="buckets">The plans of buckets; null or empty if there are none.</param>
    public static void Write(
        CodeWriter writer,
        CompiledModel model,
        IReadOnlyList<GraphPlan> training,
        GraphPlan infer,
        IReadOnlyList<GraphPlan>? decoding = null,
        IReadOnlyList<BucketPlans>? buckets = null)
    {
        if (training.Count > 0) Member("PlanDescription Train", Training(model, training));
        if (model.Lowered.HasSeveralLosses) Member("PlanDescription[] Losses", $"[{string.Join(", ", training.Select(plan => Plan(plan, forwardOnly: false)))}]");
        Member("PlanDescription Inference", Plan(infer, forwardOnly: true));
        Member("OutputOffsets[] Outputs", Outputs(model, training, infer));
        if (decoding is { Count: > 0 })
        {
            Member("DecodePlanDescription[] Decoding", $"[{string.Join(", ", decoding.Select(plan => $"new({Plan(plan, forwardOnly: true)}, {(plan.Computes(RootKind.Output) ? plan.RootStorage(RootKind.Output)!.Offset : -1)})"))}]");
        }

        if (buckets is { Count: > 0 }) Member("BucketPlansDescription[] Buckets", $"[{string.Join(", ", buckets.Select(bucket => Bucket(model, bucket)))}]");

        void Member(string declaration, string value)
        {
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public override {declaration} {{ get; }} = {value};");
        }
    }

    private static string Outputs(CompiledModel model, IReadOnlyList<GraphPlan> training, GraphPlan infer) =>
        $"[{string.Join(", ", model.Outputs.Concat(model.Named).Select(output => Offsets(output, training, infer)))}]";

    private static string Bucket(CompiledModel model, BucketPlans plans)
    {
        var losses = model.Lowered.HasSeveralLosses ? $"[{string.Join(", ", plans.Training.Select(plan => Plan(plan, forwardOnly: false)))}]" : "[]";
        return $"new({Training(model, plans.Training)}, {losses}, {Plan(plans.Infer, forwardOnly: true)}, {Outputs(model, plans.Training, plans.Infer)})";
    }

    /// <summary>The offsets of an output in the plans; −1 if training does not keep it: with several losses, without training, or for an output inside the network.</summary>
    private static string Offsets(Root output, IReadOnlyList<GraphPlan> training, GraphPlan infer)
    {
        var raw = infer.RootStorage(output.Kind, output.Name)!.Offset;
        if (output.Kind == RootKind.Named) return $"new(-1, {raw}, {raw})";
        var trained = training.Count == 0 ? -1 : training[0].RootStorage(RootKind.Output, output.Name)?.Offset ?? -1;
        return $"new({trained}, {raw}, {infer.RootStorage(RootKind.OutputActivation, output.Name)?.Offset ?? raw})";
    }

    /// <summary>The plan of the only loss. For several losses, the memory that is sufficient for each of them.</summary>
    private static string Training(CompiledModel model, IReadOnlyList<GraphPlan> plans) => plans.Count == 0 ? "PlanDescription.None"
        : model.Lowered.HasSeveralLosses
        ? $"new({plans.Max(plan => plan.Arenas.BatchedFloats)}, {plans.Max(plan => plan.Arenas.FixedFloats)}, LossOffset: -1, ForwardFlops: 0, BackwardFlops: 0)"
            + More(plans.Max(plan => plan.Arenas.WorkerFloats), plans.Max(plan => plan.Arenas.SampleAlignment), [])
        : Plan(plans[0], forwardOnly: false);

    /// <summary>The memory and the work of a plan, as arguments of its description.</summary>
    private static string Plan(GraphPlan plan, bool forwardOnly)
    {
        var backward = new HashSet<Node>();
        if (!forwardOnly)
        {
            var forward = new HashSet<Node>(ModelGraph.Sort(plan.Fused.Graph.Roots.Where(root => root.Kind is not (RootKind.Gradient or RootKind.State)).Select(root => root.Value)));
            backward = [.. plan.Fused.Graph.Nodes.Where(node => !forward.Contains(node))];
            backward.ExceptWith(plan.Fused.Groups.Where(group => group.Kind == GroupKind.LongChain).SelectMany(group => group.Members));
        }

        var leftOut = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Where(launch => launch.LeftOutFlops > 0)
            .ToLookup(launch => backward.Contains(launch.Group!.Anchor), launch => launch.LeftOutFlops);
        var forwardFlops = plan.Fused.Graph.Nodes.Where(node => !backward.Contains(node)).Sum(node => node.Flops) - leftOut[false].Sum();
        var backwardFlops = backward.Sum(node => node.Flops) - leftOut[true].Sum();
        var losses = plan.Fused.Graph.Roots.Where(root => root.Kind == RootKind.Loss).Select(root => plan.RootStorage(RootKind.Loss, root.Name)!.Offset).ToArray();
        return $"new({plan.Arenas.BatchedFloats}, {plan.Arenas.FixedFloats}, LossOffset: {(losses.Length == 0 ? -1 : losses[0])}, "
            + $"ForwardFlops: {Literals.Int(forwardFlops)}, BackwardFlops: {Literals.Int(backwardFlops)})"
            + More(plan.Arenas.WorkerFloats, plan.Arenas.SampleAlignment, losses);
    }

    private static string More(int workerFloats, int sampleAlignment, int[] losses)
    {
        string[] more =
        [
            .. workerFloats > 0 ? [$"WorkerFloats = {Literals.Int(workerFloats)}"] : Array.Empty<string>(),
            .. sampleAlignment != ArenaPlanner.SamplesOfCacheLine ? [$"SampleAlignment = {Literals.Int(sampleAlignment)}"] : Array.Empty<string>(),
            .. losses.Length > 1 ? [$"LossOffsets = [{string.Join(", ", losses)}]"] : Array.Empty<string>(),
        ];
        return more.Length == 0 ? "" : $" {{ {string.Join(", ", more)} }}";
    }
}
