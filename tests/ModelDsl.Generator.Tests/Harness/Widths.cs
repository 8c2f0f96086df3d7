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

    private static readonly IReadOnlyList<CpuTarget> All = CpuTarget.All;

    /// <summary>For tests of many models, each of which is tried at some widths: one of the targets of CPUs in the fast tier, two in the standard tier, all in the long one.</summary>
    /// <param name="number">Tests with other numbers take other targets.</param>
    public static IReadOnlyList<CpuTarget> Some(int number) =>
        TestScale.IsLong ? All : [.. Enumerable.Range(number, TestScale.IsFast ? 1 : 2).Select(index => All[index % All.Count])];

    /// <summary>For tests that compare widths: the widest vectors, those of this machine and the portable ones in the fast tier, and all in the others.</summary>
    public static IReadOnlyList<CpuTarget> Compared { get; } =
        TestScale.IsFast ? [.. All.Where(target => target == All[0] || target == All[^1] || target == OfThisMachine)] : All;

    /// <summary>The same as numbers of bits.</summary>
    public static IReadOnlyList<int> ComparedBits { get; } = [.. Compared.Select(target => target.Bits)];

    /// <summary>The target whose program this machine runs by default.</summary>
    public static CpuTarget OfThisMachine => All.First(target => target.Bits <= Device.Cpu.VectorBits);

    private static readonly string[] Each = ["512", "256", Portable];

    /// <summary>One width and the portable programs in the fast and the standard tier; all (null) in the long one.</summary>
    /// <param name="number">Tests with other numbers take other widths.</param>
    public static string? OneOf(int number) => TestScale.IsLong ? null : Each[number % Each.Length];
}
