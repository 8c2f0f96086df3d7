using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator;

/// <summary>
/// A target of code generation: the limits of its kernels, how groups become kernels, how kernels become text, and the base class of the program at run time. The rest
/// of the compiler does not depend on the existing targets, which <see cref="Targets.All"/> lists.
/// </summary>
internal abstract record Target
{
    /// <summary>The suffix of the names of the program's class and file.</summary>
    public abstract string Name { get; }

    /// <summary>The limits of the target's kernels.</summary>
    public abstract TargetLimits Limits { get; }

    /// <summary>The element types that its kernels load and store.</summary>
    public abstract IReadOnlyCollection<ElementType> StorageTypes { get; }

    /// <summary>
    /// The full name of the base class of the program, by which a device finds it. Programs are generated if the project references this class.
    /// </summary>
    public abstract string ProgramType { get; }

    /// <summary>Distinguishes programs with the same base class: the width of vectors in bits, or 0.</summary>
    public virtual int ProgramWidth => 0;

    /// <summary>The suffixes of the files that <see cref="Write"/> returns. Targets that are written together may share files.</summary>
    public virtual IReadOnlyList<string> FileSuffixes => [Name];

    /// <summary>Whether its programs have plans for sessions, which write rows to persistent memory at positions that are known at run time.</summary>
    public virtual bool HasSessions => false;

    /// <summary>Whether its programs have plans for the buckets of inputs. Other programs compute all positions.</summary>
    public virtual bool HasBuckets => false;

    /// <summary>Converts the groups of a graph to kernels, and plans their memory.</summary>
    /// <param name="fused">The groups, which are within the target's limits.</param>
    /// <param name="parameters">The layouts and offsets of parameters.</param>
    /// <param name="options">The options of the model.</param>
    /// <param name="cancellation">Checked after each group.</param>
    /// <exception cref="InvalidGraphException">The schedule exceeds the limits of the target.</exception>
    public GraphPlan Schedule(FusedGraph fused, ParameterPlan parameters, ScheduleOptions options, CancellationToken cancellation) =>
        Legality.Checked(Verified(GraphPlan.Create(fused, parameters, (graph, storages) => Build(graph, storages, options, cancellation), parts => Arrange(parts, fused.Graph, cancellation), options.KeepsCopies)), this);

    /// <summary>Writes the files of a model's programs for this target and all other targets with the same base class, so that files can share text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plans">The model's plans for each of these targets.</param>
    /// <param name="options">The options of the project.</param>
    /// <param name="cancellation">Checked after each kernel.</param>
    public abstract IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<TargetPlans> plans, CodeOptions options, CancellationToken cancellation);

    /// <summary>Rearranges the launches of a plan before its memory is planned. The default changes nothing.</summary>
    /// <param name="parts">The parts of the plan.</param>
    /// <param name="graph">The graph of the plan.</param>
    /// <param name="cancellation">Checked for each launch.</param>
    protected virtual IReadOnlyList<PlanPart> Arrange(IReadOnlyList<PlanPart> parts, ModelGraph graph, CancellationToken cancellation) => parts;

    /// <summary>Returns the kernels of a plan, with the part of each, in a valid order of execution.</summary>
    protected abstract IReadOnlyList<(int Part, Launch Launch)> Build(FusedGraph fused, StorageMap storages, ScheduleOptions options, CancellationToken cancellation);

    /// <summary>Returns a plan. The kernels that were made while it was arranged are checked in Debug builds.</summary>
    private static GraphPlan Verified(GraphPlan plan)
    {
        foreach (var launch in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Where(launch => launch.Group is null)) KernelVerifier.Check(launch);
        return plan;
    }
}

/// <summary>The limits of the kernels of a target.</summary>
/// <param name="Groups">The limits for fusion.</param>
/// <param name="Registers">The number of registers for accumulators and operands; 0 if the device's compiler decides.</param>
/// <param name="Threads">The number of threads in a group of threads.</param>
/// <param name="SharedBytes">The shared memory of a group of threads in bytes.</param>
internal sealed record TargetLimits(GroupLimits Groups, int Registers, int Threads, int SharedBytes);

/// <summary>The limits of a group of nodes. Targets with equal limits share the groups of a graph.</summary>
/// <param name="Operations">The maximum number of operations of a group, multiplied by the number of passes over its rows, because compilers optimize only small bodies.</param>
/// <param name="HoldsWindows">Whether the results of a product are held in tiles, so that reductions over windows of them can be fused.</param>
/// <param name="HoldsLoops">Whether a kernel can be a loop over time that calls the kernels of a step. If not, such loops are unrolled.</param>
/// <param name="HoldsChains">Whether each worker has memory for the matrices of chained products.</param>
internal sealed record GroupLimits(int Operations, bool HoldsWindows, bool HoldsLoops = false, bool HoldsChains = false)
{
    /// <summary>Whether a node can be added to a group.</summary>
    public bool Accept(Group group, Node node) =>
        GroupSize.Of([.. group.Members, node]) <= Operations && (HoldsWindows || group.Kind != GroupKind.Contract || node is not ReduceNode);
}

/// <summary>The options of a project for generated text.</summary>
/// <param name="IsChecked">Whether the project checks arithmetic for overflow by default.</param>
/// <param name="IsOptimized">Whether the project's compiler and the JIT compiler optimize its code. If not, kernels are written with as few calls as possible.</param>
/// <param name="ChecksNumbers">Whether training steps check the numbers that they compute.</param>
internal sealed record CodeOptions(bool IsChecked = false, bool IsOptimized = true, bool ChecksNumbers = false);

/// <summary>The options of a model for a schedule.</summary>
/// <param name="UsesTf32">Whether products may be multiplied as TF32 on tensor cores.</param>
internal sealed record ScheduleOptions(bool UsesTf32 = false)
{
    /// <summary>The positions of a plan of a model with buckets; null for other models.</summary>
    public SequencePositions? Positions { get; init; }

    /// <summary>Whether other plans of the model compute the same for other numbers of rows. Then kernels do not depend on divisors of that number, so that plans share them.</summary>
    public bool HasAnyRows { get; init; }

    /// <summary>Whether copies of parameters persist between calls. Then <see cref="ParameterCopies"/> assigns their offsets after all plans are scheduled.</summary>
    public bool KeepsCopies { get; init; }
}
