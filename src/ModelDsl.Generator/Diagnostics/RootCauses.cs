using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>
/// One error for each cause. A mistake that leaves open what a class is, or which layers it has, stands alone: what else is found in the class follows from it,
/// or can be told once it is mended.
/// </summary>
internal static class RootCauses
{
    /// <summary>Mistakes after which it is not known which layers a class has and in which order, and so no shape; the farthest-reaching first.</summary>
    private static readonly string[] Unclear =
    [
        Descriptors.UnsuitableClass.Id, Descriptors.FileLocalType.Id, Descriptors.GenericType.Id, Descriptors.SeveralLayerLists.Id, Descriptors.BlockCycle.Id,
        Descriptors.InternalError.Id, Problem.ReportedByCompiler,
    ];

    /// <summary>What is one mistake of a class however often it shows: a model that is marked as a block has both an input and a loss.</summary>
    private static readonly string[] OncePerClass = [Descriptors.NotInBlock.Id];

    /// <summary>Whether nothing can be said of the shapes of a class with this problem.</summary>
    public static bool IsUnclear(string id) => Unclear.Contains(id);

    /// <summary>The problems without those that others of them explain.</summary>
    public static IReadOnlyList<Problem> Of(IEnumerable<Problem> problems)
    {
        // A block used several times makes the same mistake in each use.
        var distinct = problems
            .GroupBy(problem => OncePerClass.Contains(problem.Id) ? (problem.Id, Site.OfType(problem.Site.Type)) : (problem.Id, problem.Site))
            .Select(same => same.First() is var first && OncePerClass.Contains(first.Id) ? first.With([.. same.Skip(1).Select(other => other.Site)]) : first)
            .ToList();
        var unclear = distinct.Where(StandsAlone).GroupBy(problem => problem.Site.Type)
            .ToDictionary(ofType => ofType.Key, ofType => ofType.OrderBy(problem => Array.IndexOf(Unclear, problem.Id)).First());
        return [.. distinct.Where(problem => !unclear.TryGetValue(problem.Site.Type, out var cause) || problem == cause || problem.Id == Problem.ReportedByCompiler)];
    }

    /// <summary>A circle of blocks has several classes, and what the C# compiler reports is told by it: both leave other mistakes as they are.</summary>
    private static bool StandsAlone(Problem problem) =>
        IsUnclear(problem.Id) && problem.Id != Descriptors.BlockCycle.Id && problem.Id != Problem.ReportedByCompiler;
}
