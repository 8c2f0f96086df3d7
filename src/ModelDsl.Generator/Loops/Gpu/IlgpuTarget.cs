using ModelDsl.Generator.Emit.Ilgpu;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Devices whose workers are threads in groups, through ILGPU.</summary>
internal sealed record IlgpuTarget : Target
{
    /// <summary>The greatest number of operations of a group. Each is one statement.</summary>
    private const int MostOperations = 96;

    /// <summary>The bytes of shared memory that every device has for a group.</summary>
    private const int LeastSharedBytes = 48 * 1024;

    public static IlgpuTarget Instance { get; } = new();

    public override string Name => "Ilgpu";

    public override TargetLimits Limits { get; } = new(new GroupLimits(MostOperations, HoldsWindows: false), Registers: 0, GpuSchedule.Threads, LeastSharedBytes);

    public override IReadOnlyCollection<ElementType> StorageTypes => [ElementType.Float, ElementType.Int];

    public override string ProgramType => "ModelDsl.Ilgpu.Compiled.IlgpuProgram";

    public override IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<TargetPlans> plans, CodeOptions options, CancellationToken cancellation) =>
        [new(Name, IlgpuProgramWriter.Write(model, plans[0].Training, plans[0].Infer, options.IsChecked, cancellation))];

    protected override IReadOnlyList<PlanPart> Arrange(IReadOnlyList<PlanPart> parts, ModelGraph graph, CancellationToken cancellation) =>
        JointLaunches.Apply(parts, part => PlanParts.Condition(graph, part.Part) is null, cancellation);

    protected override IReadOnlyList<(int Part, Launch Launch)> Build(FusedGraph fused, StorageMap storages, ScheduleOptions options, CancellationToken cancellation) =>
        Prologues.Apply(GpuSchedule.Build(fused, storages, options.UsesTf32, cancellation));
}
