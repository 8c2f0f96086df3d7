using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>The passes from a spec to generated text, as a list of names. Everything here is a pure function of the spec.</summary>
internal static class ModelCompiler
{
    /// <summary>The source files of a model: its code, or members that throw where the model has a mistake.</summary>
    public static GeneratedModel Compile(ModelSpec spec) => new(spec.Type.Key, EquatableArray<GeneratedFile>.Empty);

    /// <summary>Every mistake that can be seen, each root cause once.</summary>
    public static IReadOnlyList<Problem> Check(ModelSpec spec) =>
        Guarded(spec, () => IsUnclear(spec) ? spec.Problems : [.. Lowering.Lower(spec).Problems, .. ListRules.CheckLink(spec)]);

    /// <summary>The mistakes of a block by itself; those of its shapes show where it is used.</summary>
    public static IReadOnlyList<Problem> CheckBlock(ModelSpec spec) =>
        Guarded(spec, () => IsUnclear(spec) ? spec.Problems : [.. spec.Problems, .. spec.Blocks.SelectMany(ListRules.CheckBlock)]);

    /// <summary>Where it is not clear which layers there are, in which order, further mistakes would only follow from that.</summary>
    private static bool IsUnclear(ModelSpec spec) => spec.Problems.Any(problem =>
        problem.Id == Problem.ReportedByCompiler || problem.Id == Descriptors.SpreadLayers.Id
        || problem.Id == Descriptors.BlockCycle.Id || problem.Id == Descriptors.InternalError.Id);

    internal static IReadOnlyList<Problem> Guarded(ModelSpec spec, Func<IReadOnlyList<Problem>> check)
    {
        try
        {
            // A block used several times makes the same mistake in each use.
            return [.. check().GroupBy(problem => (problem.Id, problem.Site)).Select(same => same.First())];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return StopsGeneration(spec.Problems) ? spec.Problems : [Crash(spec, exception)];
        }
    }

    /// <summary>Whether a model with these problems cannot be generated.</summary>
    public static bool StopsGeneration(IEnumerable<Problem> problems) => problems.Any(problem => Descriptors.StopsGeneration(problem.Id));

    /// <summary>A crash of ours, as one problem of the model that caused it.</summary>
    public static Problem Crash(ModelSpec spec, Exception exception) =>
        Problem.At(Descriptors.InternalError.Id, Site.OfType(spec.Type.Key), spec.Type.Name, $"{exception.GetType().Name}: {exception.Message.TrimEnd('.')}");
}
