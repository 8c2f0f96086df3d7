using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Everything the members of a generated class tell of: the model, its parameters, its plans.</summary>
internal sealed record CompiledModel(ModelSpec Spec, LoweredModel Lowered, ParameterPlan Parameters, IReadOnlyList<GraphPlan> Training, GraphPlan Infer)
{
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
