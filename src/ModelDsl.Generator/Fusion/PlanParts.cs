using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>The parts of plans. The kinds of roots that need a node determine its part.</summary>
internal static class PlanParts
{
    private const int Shared = 0;
    private const int OutputActivationAndLoss = 1;
    private const int OutputActivation = 2;
    private const int Loss = 3;
    private const int Logits = 1;

    /// <summary>A training plan: the forward pass, the backward pass, and finally the states, so that everything before reads their old values.</summary>
    public static int OfTraining(IReadOnlyCollection<RootKind> needs) =>
        needs.All(need => need == RootKind.State) ? 2 : needs.All(need => need is RootKind.Gradient or RootKind.State) ? 1 : 0;

    /// <summary>An inference plan: the shared subgraph always runs, the other parts on request.</summary>
    public static int OfInference(IReadOnlyCollection<RootKind> needs)
    {
        if (needs.Contains(RootKind.Output)) return Shared;
        var forOutputActivation = needs.Contains(RootKind.OutputActivation);
        return forOutputActivation && needs.Contains(RootKind.Loss) ? OutputActivationAndLoss : forOutputActivation ? OutputActivation : Loss;
    }

    /// <summary>A plan of a session: first the values that it keeps for later calls, and then the logits, which only the end of a prompt needs.</summary>
    public static int OfDecoding(IReadOnlyCollection<RootKind> needs) => needs.Contains(RootKind.Kept) ? Shared : Logits;

    /// <summary>The plan that begins a session.</summary>
    public static int OfEncoder(IReadOnlyCollection<RootKind> needs) => Shared;

    /// <summary>The C# condition under which a part runs, or null for always.</summary>
    public static string? Condition(ModelGraph graph, int part)
    {
        if (graph.Roots.Any(root => root.Kind == RootKind.Kept)) return part == Logits ? "step.NeedsLogits" : null;
        return graph.Roots.All(root => root.Kind != RootKind.OutputActivation) ? null : part switch
        {
            <= Shared => StageCondition(part + graph.Roots.Count(root => root.Kind == RootKind.Named)),
            OutputActivationAndLoss => "(parts & (InferParts.OutputActivation | InferParts.Loss)) != 0",
            OutputActivation => "(parts & InferParts.OutputActivation) != 0",
            Loss => "(parts & InferParts.Loss) != 0",
            _ => null,
        };
    }

    /// <summary>The condition of named values and the rest of the shared subgraph. They are computed in order, and the first always.</summary>
    private static string? StageCondition(int stage) => stage == 0 ? null : $"InferStages.Runs(parts, {stage})";
}
