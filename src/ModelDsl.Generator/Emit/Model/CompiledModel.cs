using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Everything the members of a generated class tell of: the model, its parameters, its plans.</summary>
internal sealed record CompiledModel(ModelSpec Spec, LoweredModel Lowered, ParameterPlan Parameters, GraphPlan Train, GraphPlan Infer)
{
    public ProgramNames Names { get; } = new(Spec.Type);
}
