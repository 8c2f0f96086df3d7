using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>The passes from a spec to generated text, as a list of names. Everything here is a pure function of the spec.</summary>
internal static class ModelCompiler
{
    /// <summary>The source files of a model: its code, or members that throw where the model has a mistake.</summary>
    public static GeneratedModel Compile(ModelSpec spec) => new(spec.Type.Key, EquatableArray<GeneratedFile>.Empty);

    /// <summary>Every mistake that can be seen, each root cause once.</summary>
    public static IReadOnlyList<Problem> Check(ModelSpec spec) => spec.Problems;

    /// <summary>Whether a model with these problems cannot be generated.</summary>
    public static bool StopsGeneration(IEnumerable<Problem> problems) => problems.Any(problem => Descriptors.StopsGeneration(problem.Id));

    /// <summary>A crash of ours, as one problem of the model that caused it.</summary>
    public static Problem Crash(ModelSpec spec, Exception exception) =>
        Problem.At(Descriptors.InternalError.Id, Site.OfType(spec.Type.Key), spec.Type.Name, $"{exception.GetType().Name}: {exception.Message}");
}
