using System.Runtime.CompilerServices;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Tests;

/// <summary>The plans of a model for one target, where a test does not care for which.</summary>
internal static class PlanExtensions
{
    private static readonly ConditionalWeakTable<CompiledModel, TargetPlans> Plans = [];

    extension(CompiledModel model)
    {
        /// <summary>The training plan of each loss with 512-bit registers.</summary>
        public IReadOnlyList<GraphPlan> Training => Of(model).Training;

        /// <summary>The training plan of the only loss, or of the first, likewise.</summary>
        public GraphPlan Train => Of(model).Training[0];

        /// <summary>The inference plan, likewise.</summary>
        public GraphPlan Infer => Of(model).Infer;
    }

    extension(ModelCompiler)
    {
        /// <summary>A graph as the kernels of a target.</summary>
        public static GraphPlan Schedule(Target target, FusedGraph fused, ParameterPlan parameters, CancellationToken cancellation = default) =>
            target.Schedule(fused, parameters, new ScheduleOptions(), cancellation);

        /// <summary>A graph as the kernels of devices with groups of threads.</summary>
        public static GraphPlan ScheduleForGpu(PreparedGraph graph, ParameterPlan parameters, bool usesTf32) =>
            IlgpuTarget.Instance.Schedule(graph.Fuse(IlgpuTarget.Instance.Limits), parameters, new ScheduleOptions(usesTf32), default);
    }

    extension(Fuser)
    {
        /// <summary>The groups of a graph for CPUs.</summary>
        public static FusedGraph Fuse(ModelGraph graph, Func<IReadOnlyCollection<RootKind>, int> partOf) => PreparedGraph.Of(graph, partOf).Fuse(CpuTarget.Avx512.Limits);
    }

    private static TargetPlans Of(CompiledModel model) => Plans.GetValue(model, static model => model.PlansFor(CpuTarget.Avx512));

    /// <summary>The operands and results that share memory because a launch computes in place what nothing reads afterwards, and the number of the phase.</summary>
    public static IEnumerable<(int Time, Storage Operand, Storage Result)> InPlace(this GraphPlan plan) =>
        from entry in plan.Parts.SelectMany(part => part.Phases).Select((phase, time) => (phase, time))
        from launch in entry.phase.Launches
        where launch.Kernel.InPlace is not null
        let operand = launch.Buffers[launch.Kernel.InPlace!.Value.Operand]
        let result = launch.Buffers[launch.Kernel.InPlace!.Value.Result]
        where operand.Space is Space.Batched or Space.Fixed && (operand.Space, operand.ByteOffset) == (result.Space, result.ByteOffset)
        select (entry.time, operand, result);
}
