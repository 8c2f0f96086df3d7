using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>The parts of plans: which roots a node serves decides when it is computed.</summary>
internal static class PlanParts
{
    private const int Shared = 0;
    private const int LinkAndLoss = 1;
    private const int Link = 2;
    private const int Loss = 3;
    private const int Logits = 1;

    /// <summary>A training plan: forward, then backward, and last the states, so that everything before reads them as they were.</summary>
    public static int OfTraining(IReadOnlyCollection<RootKind> needs) =>
        needs.All(need => need == RootKind.State) ? 2 : needs.All(need => need is RootKind.Gradient or RootKind.State) ? 1 : 0;

    /// <summary>An inference plan: the shared subgraph always, the rest when it is asked for.</summary>
    public static int OfInference(IReadOnlyCollection<RootKind> needs)
    {
        if (needs.Contains(RootKind.Output)) return Shared;
        var forLink = needs.Contains(RootKind.Link);
        return forLink && needs.Contains(RootKind.Loss) ? LinkAndLoss : forLink ? Link : Loss;
    }

    /// <summary>A plan of a session: what it keeps for later calls, and then the logits, of which a prompt needs only the last.</summary>
    public static int OfDecoding(IReadOnlyCollection<RootKind> needs) => needs.Contains(RootKind.Kept) ? Shared : Logits;

    /// <summary>The C# condition under which a part runs, or null for always.</summary>
    public static string? Condition(ModelGraph graph, int part)
    {
        if (graph.Roots.Any(root => root.Kind == RootKind.Kept)) return part == Logits ? "step.NeedsLogits" : null;
        return graph.Roots.All(root => root.Kind != RootKind.Link) ? null : part switch
        {
            <= Shared => StageCondition(part + graph.Roots.Count(root => root.Kind == RootKind.Named)),
            LinkAndLoss => "(parts & (InferParts.Link | InferParts.Loss)) != 0",
            Link => "(parts & InferParts.Link) != 0",
            Loss => "(parts & InferParts.Loss) != 0",
            _ => null,
        };
    }

    /// <summary>Named values and the rest of the shared subgraph are computed one after the other; the first of them always.</summary>
    private static string? StageCondition(int stage) => stage == 0 ? null : $"InferStages.Runs(parts, {stage})";
}
