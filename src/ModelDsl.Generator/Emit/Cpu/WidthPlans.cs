using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>The plans of a model for one register width.</summary>
/// <param name="Target">The width.</param>
/// <param name="Training">The training plan of each loss.</param>
/// <param name="Infer">The inference plan.</param>
internal sealed record WidthPlans(CpuTarget Target, IReadOnlyList<GraphPlan> Training, GraphPlan Infer)
{
    /// <summary>The plans of sessions; empty for a model that generates nothing.</summary>
    public IReadOnlyList<GraphPlan> Decoding { get; init; } = [];

    /// <summary>The plans of the buckets, in ascending order; empty for a model without buckets.</summary>
    public IReadOnlyList<BucketPlans> Buckets { get; init; } = [];

    /// <summary>The copies of parameters that inference and sessions use.</summary>
    public ParameterCopies Copies { get; init; } = ParameterCopies.None;

    /// <summary>All plans.</summary>
    public IEnumerable<GraphPlan> All => [.. Training, Infer, .. Decoding, .. Buckets.SelectMany(bucket => bucket.Training.Append(bucket.Infer))];

    /// <summary>The launches of a plan, in order.</summary>
    public static IReadOnlyList<Launch> Launches(GraphPlan plan) => [.. plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)];

    /// <summary>Checks that the steps of other widths are equal to those of this one: the same kernels, in the same phases, on the same memory.</summary>
    /// <param name="others">The other widths.</param>
    /// <exception cref="InvalidOperationException">The steps differ, which is a mistake of a schedule.</exception>
    public void RequireSameSteps(IEnumerable<WidthPlans> others)
    {
        var own = StepsOf(this).ToArray();
        foreach (var other in others)
        {
            if (!own.SequenceEqual(StepsOf(other))) throw new InvalidOperationException("The widths of one model must share their steps and their memory plan.");
        }
    }

    private static IEnumerable<(int Part, int Phase, string Name, string Buffers)> StepsOf(WidthPlans plans) =>
        plans.All.SelectMany(Steps).Concat(plans.Copies.Launches.Select(launch => (-1, 0, launch.Kernel.Name, Buffers(launch))));

    private static IEnumerable<(int Part, int Phase, string Name, string Buffers)> Steps(GraphPlan plan) =>
        from part in plan.Parts
        from phase in part.Phases.Select((phase, number) => (phase.Launches, Number: number))
        from launch in phase.Launches
        select (part.Part, phase.Number, launch.Kernel.Name, Buffers(launch));

    private static string Buffers(Launch launch) => string.Join(" ", launch.Buffers.Select(storage => $"{storage.Name} {storage.Space} {storage.Offset}"));
}
