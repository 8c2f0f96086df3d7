using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Everything the members of a generated class tell of: the model, its parameters, its plans.</summary>
/// <param name="Spec">The model as declared.</param>
/// <param name="Lowered">Its graphs.</param>
/// <param name="Parameters">The layout of its parameters.</param>
/// <param name="Training">The training plan of each loss, for the first of the targets.</param>
/// <param name="Infer">The inference plan, for the first of the targets.</param>
/// <param name="Targets">The vector registers there are programs for, widest first.</param>
internal sealed record CompiledModel(
    ModelSpec Spec, LoweredModel Lowered, ParameterPlan Parameters, IReadOnlyList<GraphPlan> Training, GraphPlan Infer, IReadOnlyList<CpuTarget> Targets)
{
    /// <summary>The plans of sessions; null for a model that generates nothing.</summary>
    public DecodingPlans? Decoding { get; init; }

    /// <summary>The training plan of the only loss, or of the first.</summary>
    public GraphPlan Train => Training[0];

    /// <summary>The outputs in the order in which they are declared.</summary>
    public IReadOnlyList<Root> Outputs { get; } = [.. Infer.Fused.Graph.Roots.Where(root => root.Kind == RootKind.Output)];

    /// <summary>The values inside the network that have names, in the order in which they are computed.</summary>
    public IReadOnlyList<Root> Named { get; } = [.. Infer.Fused.Graph.Roots.Where(root => root.Kind == RootKind.Named)];

    /// <summary>What is done with an only loss has no name; of several, each step has that of its loss.</summary>
    public string StepName(string step, int loss) => Lowered.HasSeveralLosses ? step + Layers.Names.Pascal(Lowered.Losses[loss].Name) : step;

    public ProgramNames Names { get; } = new(Spec.Type);
}
