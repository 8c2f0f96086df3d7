namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Launches of which one runs, in all cases together: one launch, or one for each case of a kernel that is chosen at the launch.</summary>
/// <param name="Launches">The launches.</param>
internal sealed record Choice(IReadOnlyList<Launch> Launches)
{
    /// <summary>The choices among launches, in their order.</summary>
    public static IEnumerable<Choice> Of(IReadOnlyList<Launch> launches) =>
        launches.Select((launch, number) => (launch, number)).GroupBy(one => one.launch.When == new LaunchCase() ? (object)one.number : one.launch.Group!)
            .Select(group => new Choice([.. group.Select(one => one.launch)]));
}
