using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>
/// Values of the property <c>ModelDslVectorWidths</c>, for tests that compile many models: nearly all of a compilation's time goes into the programs, and they are
/// alike at all widths but for the names of types.
/// </summary>
internal static class Widths
{
    /// <summary>The portable programs alone: where nothing depends on widths.</summary>
    public const string Portable = "128";

    /// <summary>Two of the targets of CPUs in a developer's run; all in a long one. The programs of all come from the same schedule.</summary>
    /// <param name="number">Tests with other numbers take other targets.</param>
    public static IReadOnlyList<CpuTarget> PairOf(int number) =>
        !TestScale.IsFast ? CpuTarget.All : [CpuTarget.All[number % CpuTarget.All.Count], CpuTarget.All[(number + 1) % CpuTarget.All.Count]];

    private static readonly string[] Each = ["512", "256", Portable];

    /// <summary>One width and the portable programs in a developer's run; all (null) in a long one.</summary>
    /// <param name="number">Tests with other numbers take other widths.</param>
    public static string? OneOf(int number) => !TestScale.IsFast ? null : Each[number % Each.Length];
}
