using ModelDsl.Generator.Emit.Cpu;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>A CPU, and what the schedule knows of its vector registers.</summary>
/// <param name="Bits">Width of a register.</param>
/// <param name="TileRows">Rows of a full register tile.</param>
/// <param name="TileVectors">Logical vectors of a register tile: rows × vectors accumulators, vectors and one broadcast fit the registers.</param>
/// <param name="RowPanels">Panels a single row takes at once, so that there are enough independent sums.</param>
/// <param name="MostRows">Rows of the tallest tile that leaves no register short, for an axis whose length is known.</param>
internal sealed record CpuTarget(int Bits, int TileRows, int TileVectors, int RowPanels, int MostRows) : Target
{
    /// <summary>Operations of a group. At 128 bits each is four statements, in two loops.</summary>
    private const int MostOperations = 96;

    /// <summary>AVX-512: 24 accumulators of 32 registers.</summary>
    public static CpuTarget Avx512 { get; } = new(512, 12, 2, 4, 14);

    /// <summary>AVX2 with FMA: 12 accumulators of 16 registers.</summary>
    public static CpuTarget Avx2 { get; } = new(256, 6, 1, 2, 6);

    /// <summary>Any machine: 128-bit registers, or scalars where there are none.</summary>
    public static CpuTarget Portable { get; } = new(128, 2, 1, 1, 2);

    /// <summary>Floats of operands, a quarter of a MiB, that fit into the second cache of any core beside results.</summary>
    public int CacheFloats { get; init; } = 64 * 1024;

    /// <summary>Terms of a tile between loading and storing its sums: fewer would cost more than they save.</summary>
    public int LongSum { get; init; } = 96;

    /// <summary>The most rows of a block of a chained group's matrices. All widths have the same, so that they need the same memory.</summary>
    public int BlockRows { get; init; } = 64;

    public static IReadOnlyList<CpuTarget> All { get; } = [Avx512, Avx2, Portable];

    public override string Name => Bits switch
    {
        512 => "Avx512",
        256 => "Avx2",
        _ => "Portable",
    };

    // The groups are the same for all widths: their programs share the steps.
    public override TargetLimits Limits => new(new GroupLimits(MostOperations, HoldsWindows: true, HoldsLoops: true, HoldsChains: true), Registers: Bits == 512 ? 32 : 16, Threads: 1, SharedBytes: 0);

    public override IReadOnlyCollection<ElementType> StorageTypes => [ElementType.Float, ElementType.Int];

    public override string ProgramType => "ModelDsl.Compiled.CpuProgram";

    public override int ProgramWidth => Bits;

    public override bool HasSessions => true;

    public override IReadOnlyList<string> FileSuffixes => [CpuProgramWriter.StepsSuffix, Name];

    /// <summary>Heights of the register tiles, tallest first; the last is 1.</summary>
    public IReadOnlyList<int> TileHeights => TileRows > 4 ? [TileRows, 4, 1] : [TileRows, 1];

    public override IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<TargetPlans> plans, CodeOptions options, CancellationToken cancellation) =>
        CpuProgramWriter.Write(model, [.. plans.Select(plan => new WidthPlans((CpuTarget)plan.Target, plan.Training, plan.Infer) { Decoding = plan.Decoding })], options, cancellation);

    protected override IReadOnlyList<(int Part, Launch Launch)> Build(FusedGraph fused, StorageMap storages, ScheduleOptions options, CancellationToken cancellation) =>
        CpuSchedule.Build(this, fused, storages, cancellation);
}
