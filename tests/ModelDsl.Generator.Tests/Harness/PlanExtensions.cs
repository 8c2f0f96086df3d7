using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Tests;

/// <summary>The plans of a model for one target, where a test does not care for which.</summary>
internal static class PlanExtensions
{
    extension(CompiledModel model)
    {
        /// <summary>The training plan of each loss with 512-bit registers.</summary>
        public IReadOnlyList<GraphPlan> Training => [.. model.TrainingGraphs.Select(graph => Scheduled(graph, model))];

        /// <summary>The training plan of the only loss, or of the first, likewise.</summary>
        public GraphPlan Train => Scheduled(model.TrainingGraphs[0], model);

        /// <summary>The inference plan, likewise.</summary>
        public GraphPlan Infer => Scheduled(model.InferGraph, model);
    }

    extension(ModelCompiler)
    {
        /// <summary>A graph as the kernels of a target.</summary>
        public static GraphPlan Schedule(Target target, FusedGraph fused, ParameterPlan parameters, CancellationToken cancellation = default) =>
            target.Schedule(fused, parameters, new ScheduleOptions(), cancellation);
    }

    extension(Fuser)
    {
        /// <summary>The groups of a graph for CPUs.</summary>
        public static FusedGraph Fuse(ModelGraph graph, Func<IReadOnlyCollection<RootKind>, int> partOf) => PreparedGraph.Of(graph, partOf).Fuse(CpuTarget.Avx512.Limits);
    }

    private static GraphPlan Scheduled(PreparedGraph graph, CompiledModel model) =>
        ModelCompiler.Schedule(CpuTarget.Avx512, graph.Fuse(CpuTarget.Avx512.Limits), model.Parameters);
}
