using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator;

/// <summary>
/// What programs are generated for: what its kernels can hold, how groups become kernels, how kernels become text, and what the program is at run time. Nothing else
/// in the compiler knows which targets there are; <see cref="Targets.All"/> lists them.
/// </summary>
internal abstract record Target
{
    /// <summary>A word that ends the names of the program's class and file.</summary>
    public abstract string Name { get; }

    /// <summary>What the target's kernels can hold.</summary>
    public abstract TargetLimits Limits { get; }

    /// <summary>The types of elements that its kernels load and store.</summary>
    public abstract IReadOnlyCollection<ElementType> StorageTypes { get; }

    /// <summary>
    /// The full name of the class that the program derives from, by which a device asks for it. Programs are generated where the project references it.
    /// </summary>
    public abstract string ProgramType { get; }

    /// <summary>Tells programs that derive from the same class apart: the width in bits that they compute with, or 0.</summary>
    public virtual int ProgramWidth => 0;

    /// <summary>What the names of the files that <see cref="Write"/> gives end with. Targets that are written together may share some.</summary>
    public virtual IReadOnlyList<string> FileSuffixes => [Name];

    /// <summary>The groups of a graph as kernels, with their memory.</summary>
    /// <param name="fused">The groups, within the target's limits.</param>
    /// <param name="parameters">Where parameters lie.</param>
    /// <param name="options">What the model asks for.</param>
    /// <param name="cancellation">Checked group by group.</param>
    /// <exception cref="InvalidGraphException">The schedule exceeds the target's own limits.</exception>
    public GraphPlan Schedule(FusedGraph fused, ParameterPlan parameters, ScheduleOptions options, CancellationToken cancellation) =>
        Legality.Checked(GraphPlan.Create(fused, parameters, (graph, storages) => Build(graph, storages, options, cancellation)), this);

    /// <summary>The files of a model's programs: of this target, and of all others whose programs derive from the same class, so that files can share text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plans">Its plans for each of these targets.</param>
    /// <param name="options">What the project asks for.</param>
    /// <param name="cancellation">Checked kernel by kernel.</param>
    public abstract IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<TargetPlans> plans, CodeOptions options, CancellationToken cancellation);

    /// <summary>The kernels of a plan, part by part, in the order in which groups can run.</summary>
    protected abstract IReadOnlyList<(int Part, Launch Launch)> Build(FusedGraph fused, StorageMap storages, ScheduleOptions options, CancellationToken cancellation);
}

/// <summary>What the kernels of a target can hold.</summary>
/// <param name="Groups">What fusion has to know.</param>
/// <param name="Registers">Registers of a worker for accumulators and operands; 0 where the device's compiler decides.</param>
/// <param name="Threads">Threads of a group of threads.</param>
/// <param name="SharedBytes">Memory that the threads of a group share, in bytes.</param>
internal sealed record TargetLimits(GroupLimits Groups, int Registers, int Threads, int SharedBytes);

/// <summary>What can be computed together. Targets for which it is the same share the groups of a graph.</summary>
/// <param name="Operations">Operations of a group, counted again for every time its rows are gone over: compilers optimise small bodies only.</param>
/// <param name="HoldsWindows">Whether the results of a product are held in tiles, so that reductions over windows of them can be computed there.</param>
/// <param name="HoldsChains">Whether workers have memory of their own for the matrices of chained products.</param>
internal sealed record GroupLimits(int Operations, bool HoldsWindows, bool HoldsChains = false)
{
    /// <summary>Whether a node can be computed beside the members of a group.</summary>
    public bool Accept(Group group, Node node) =>
        GroupSize.Of([.. group.Members, node]) <= Operations && (HoldsWindows || group.Kind != GroupKind.Contract || node is not ReduceNode);
}

/// <summary>What a project asks of generated text.</summary>
/// <param name="IsChecked">Whether the project has arithmetic checked for overflow by default.</param>
/// <param name="IsOptimized">Whether the project's compiler and the JIT compiler optimize its code. Where they do not, kernels are written with as few calls as possible.</param>
internal sealed record CodeOptions(bool IsChecked = false, bool IsOptimized = true);

/// <summary>What a model asks of a schedule.</summary>
/// <param name="UsesTf32">Whether products may be multiplied as TF32 where there are tensor cores.</param>
internal sealed record ScheduleOptions(bool UsesTf32 = false);
