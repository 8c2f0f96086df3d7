using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>
/// Reduces errors to one for each cause. An error after which the kind of a class, or its layers, are unknown is reported alone: other errors in the class may be consequences of it,
/// and can be reported after it is fixed.
/// </summary>
internal static class RootCauses
{
    /// <summary>Errors after which the layers of a class or their order, and so its shapes, are unknown; those with the most consequences first.</summary>
    private static readonly string[] Unclear =
    [
        Descriptors.UnsuitableClass.Id, Descriptors.FileLocalType.Id, Descriptors.GenericType.Id, Descriptors.SeveralLayerLists.Id, Descriptors.BlockCycle.Id,
        Descriptors.InternalError.Id, Problem.ReportedByCompiler,
    ];

    /// <summary>Errors that are reported once per class: a model that is marked as a block has both an input and a loss.</summary>
    private static readonly string[] OncePerClass = [Descriptors.NotInBlock.Id];

    /// <summary>Whether the shapes of a class with this problem are unknown.</summary>
    public static bool IsUnclear(string id) => Unclear.Contains(id);

    /// <summary>Returns the problems that are not consequences of others.</summary>
    public static IReadOnlyList<Problem> Of(IEnumerable<Problem> problems)
    {
        // A block that is used several times has the same error in each use.
        var distinct = problems
            .GroupBy(problem => OncePerClass.Contains(problem.Id) ? (problem.Id, Site.OfType(problem.Site.Type)) : (problem.Id, problem.Site))
            .Select(same => same.First() is var first && OncePerClass.Contains(first.Id) ? first.With([.. same.Skip(1).Select(other => other.Site)]) : first)
            .ToList();
        var unclear = distinct.Where(StandsAlone).GroupBy(problem => problem.Site.Type)
            .ToDictionary(ofType => ofType.Key, ofType => ofType.OrderBy(problem => Array.IndexOf(Unclear, problem.Id)).First());
        return [.. distinct.Where(problem => !unclear.TryGetValue(problem.Site.Type, out var cause) || problem == cause || problem.Id == Problem.ReportedByCompiler)];
    }

    /// <summary>Whether other errors are reported together with this one: a cycle of blocks belongs to several classes, and the C# compiler reports its own errors.</summary>
    private static bool StandsAlone(Problem problem) =>
        IsUnclear(problem.Id) && problem.Id != Descriptors.BlockCycle.Id && problem.Id != Problem.ReportedByCompiler;
}
