using ModelDsl.Generator.Emit.Cpu;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>A CPU, described by its vector registers.</summary>
/// <param name="Bits">The width of a register in bits.</param>
/// <param name="TileRows">The number of rows of a full register tile.</param>
/// <param name="TileVectors">The number of logical vectors in a row of a register tile. Rows × vectors accumulators, one row of vectors and a broadcast value fit into the registers.</param>
/// <param name="RowPanels">The number of panels that a tile of a single row covers, so that there are enough independent sums.</param>
/// <param name="MostRows">The number of rows of the tallest tile that still fits into the registers, for an axis of known length.</param>
internal sealed record CpuTarget(int Bits, int TileRows, int TileVectors, int RowPanels, int MostRows) : Target
{
    /// <summary>The greatest number of operations of a group. At 128 bits each is four statements, in two loops.</summary>
    private const int MostOperations = 96;

    /// <summary>AVX-512: 24 accumulators of 32 registers.</summary>
    public static CpuTarget Avx512 { get; } = new(512, 12, 2, 4, 14);

    /// <summary>AVX2 with FMA: 12 accumulators of 16 registers.</summary>
    public static CpuTarget Avx2 { get; } = new(256, 6, 1, 2, 6);

    /// <summary>Any processor: 128-bit registers, or scalars if there are none.</summary>
    public static CpuTarget Portable { get; } = new(128, 2, 1, 1, 2);

    /// <summary>The number of floats of operands, a quarter of a MiB, that fit into the level-2 cache of any core in addition to results.</summary>
    public int CacheFloats { get; init; } = 64 * 1024;

    /// <summary>The least number of terms that a tile adds between loading and storing its sums. Blocks with fewer terms would cost more than they save.</summary>
    public int LongSum { get; init; } = 96;

    /// <summary>The number of terms in a block of a sum whose operands are copied (see <see cref="PackedOperands"/>).</summary>
    public int BlockTerms { get; init; } = 256;

    /// <summary>The greatest number of rows in a block of a chained group's matrices. It is equal for all widths, so that they need the same memory.</summary>
    public int BlockRows { get; init; } = 64;

    /// <summary>The greatest number of floats of a block of a long chain's matrix, 26 MB. It is equal for all widths.</summary>
    public int LongBlockFloats { get; init; } = 6_500_000;

    /// <summary>The greatest number of rows of such a block.</summary>
    public int LongBlockRows { get; init; } = 252;

    /// <summary>Whether kernels work for any number of rows, although it is a multiple of a known number (see <see cref="ScheduleOptions.HasAnyRows"/>).</summary>
    public bool HasAnyRows { get; init; }

    public static IReadOnlyList<CpuTarget> All { get; } = [Avx512, Avx2, Portable];

    public override string Name => Bits switch
    {
        512 => "Avx512",
        256 => "Avx2",
        _ => "Portable",
    };

    // The groups are the same for all widths, because their programs share the steps.
    public override TargetLimits Limits => new(new GroupLimits(MostOperations, HoldsWindows: true, HoldsLoops: true, HoldsChains: true), Registers: Bits == 512 ? 32 : 16, Threads: 1, SharedBytes: 0);

    public override IReadOnlyCollection<ElementType> StorageTypes => [ElementType.Float, ElementType.Int];

    public override string ProgramType => "ModelDsl.Compiled.CpuProgram";

    public override int ProgramWidth => Bits;

    public override bool HasSessions => true;

    public override bool HasBuckets => true;

    public override IReadOnlyList<string> FileSuffixes => [CpuProgramWriter.StepsSuffix, Name];

    /// <summary>The heights of the register tiles, tallest first; the last is 1.</summary>
    public IReadOnlyList<int> TileHeights => TileRows > 4 ? [TileRows, 4, 1] : [TileRows, 1];

    public override IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<TargetPlans> plans, CodeOptions options, CancellationToken cancellation) =>
        CpuProgramWriter.Write(model, [.. plans.Select(plan => new WidthPlans((CpuTarget)plan.Target, plan.Training, plan.Infer) { Decoding = plan.Decoding, Buckets = plan.Buckets, Copies = plan.Copies })], options, cancellation);

    protected override IReadOnlyList<(int Part, Launch Launch)> Build(FusedGraph fused, StorageMap storages, ScheduleOptions options, CancellationToken cancellation) =>
        CpuSchedule.Build(options.HasAnyRows ? this with { HasAnyRows = true } : this, fused, storages, options.Positions, cancellation);
}
