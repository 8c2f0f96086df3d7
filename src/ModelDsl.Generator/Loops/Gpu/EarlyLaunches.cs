using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Moves launches from the first phase of a part to the last phase of the part before it if they then share its launches: the first gradients are computed together with the loss. What they write must be in the memory of
/// activations, so that nobody sees that they have run if the second part does not run.
/// </summary>
internal static class EarlyLaunches
{
    /// <summary>Moves launches.</summary>
    /// <param name="before">The phases of a part.</param>
    /// <param name="after">The phases of the part that always runs after it.</param>
    /// <param name="sets">Returns the sets of launches that are joined.</param>
    public static (IReadOnlyList<Phase> Before, IReadOnlyList<Phase> After) Apply(
        IReadOnlyList<Phase> before, IReadOnlyList<Phase> after, Func<IReadOnlyList<Launch>, IReadOnlyList<IReadOnlyList<Launch>>> sets)
    {
        if (before.Count == 0 || after.Count == 0 || before[before.Count - 1].Loop is not null || after[0].Loop is not null) return (before, after);
        var last = before[before.Count - 1].Launches;
        var first = after[0].Launches;
        foreach (var set in sets(first))
        {
            IReadOnlyList<Launch> joint = [.. last, .. set];
            if (sets(joint).Count > sets(last).Count || !set.All(launch => CanMove(launch, last))) continue;
            last = joint;
            first = [.. first.Where(launch => !set.Contains(launch))];
        }

        return ([.. before.Take(before.Count - 1), new Phase(last)], [.. first.Count == 0 ? [] : new[] { new Phase(first) }, .. after.Skip(1)]);
    }

    private static bool CanMove(Launch launch, IReadOnlyList<Launch> last) =>
        launch.When == new LaunchCase() && launch.Written.All(storage => storage.Space is Space.Batched or Space.Fixed) && !last.Any(other => LateLaunches.DependsOn(launch, other));
}
