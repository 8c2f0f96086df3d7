using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>
/// C# that cannot be part of a network, somewhere in the methods of random models: it is told where it stands, once, and is never dropped; nothing crashes,
/// and generated code compiles.
/// </summary>
public class WrongForwardTests
{
    /// <summary>Models of one compilation.</summary>
    private const int Together = 24;

    public static TheoryData<int> Chunks => [.. TestScale.Some("parts of the mistakes in methods", Enumerable.Range(0, (WrongCodes.All.Count + Together - 1) / Together), 4)];

    public static TheoryData<int> UnfinishedChunks => [.. TestScale.Some("parts of the unfinished methods", Enumerable.Range(0, 4), 4)];

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task One_mistake_is_one_error_in_the_method_that_makes_it(int chunk)
    {
        var wrongs = WrongCodes.All.Skip(chunk * Together).Take(Together).ToList();
        var models = wrongs.Select((wrong, index) => (Wrong: wrong, Model: Place(wrong, 1000 + (chunk * Together) + index))).ToList();
        var found = await Expect.Report([.. models.Select(model => model.Model.Source)]);
        var failures = models.SelectMany((model, index) => Judge([.. found.Where(diagnostic => IsOf(diagnostic, index))], mustFail: true)
            .Select(failure => $"{model.Wrong}: {failure}\n{model.Model.Source}")).Concat(OfGenerated(found)).ToList();
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    [Theory]
    [MemberData(nameof(UnfinishedChunks))]
    public async Task Unfinished_methods_are_borne(int chunk)
    {
        var models = Enumerable.Range(5000 + (chunk * Together), Together).Select(WrongForwards.Unfinished).ToList();
        var found = await Expect.Report([.. models.Select(model => model.Source)]);
        var failures = models.SelectMany((model, index) => Judge([.. found.Where(diagnostic => IsOf(diagnostic, index))], mustFail: false)
            .Select(failure => $"{failure}\n{model.Source}")).Concat(OfGenerated(found)).ToList();
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static ForwardModel Place(WrongCode wrong, int seed)
    {
        for (; ; seed += 100_000)
        {
            if (WrongForwards.With(wrong, seed) is { } model) return model;
        }
    }

    /// <summary>What does not hold of what is reported for a model.</summary>
    private static IEnumerable<string> Judge(IReadOnlyList<Diagnostic> found, bool mustFail)
    {
        var errors = found.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        var ours = errors.Where(diagnostic => diagnostic.Id.StartsWith("MDSL", StringComparison.Ordinal)).ToList();
        var crash = found.FirstOrDefault(diagnostic => diagnostic.Id is "MDSL0900" or "AD0001" or "CS8785");
        if (crash is not null) yield return crash.ToString();
        else if (mustFail && errors.Count == 0) yield return "it is accepted";
        else if (errors.Any(error => error.Location.SourceTree!.GetDiagnostics().Contains(error))) yield break; // What does not parse may be read as anything.
        else if (mustFail && errors.Except(ours).FirstOrDefault(error => ours.Any(our => our.Location.SourceSpan.OverlapsWith(error.Location.SourceSpan))) is { } said) yield return $"C# has said so already: {said}; {ours[0]}";
        else if (mustFail && ours.Count > 1) yield return $"one mistake is several errors: {string.Join("; ", ours)}";
        else if (mustFail && ours.Count == 1 && !IsInMember(ours[0])) yield return $"it stands elsewhere: {ours[0]}";
    }

    private static bool IsOf(Diagnostic diagnostic, int file) => diagnostic.Location.SourceTree?.FilePath == $"Test{file}.cs";

    /// <summary>Generated code has no errors of its own.</summary>
    private static IEnumerable<string> OfGenerated(IEnumerable<Diagnostic> found) => found
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.SourceTree?.FilePath.StartsWith("Test", StringComparison.Ordinal) != true)
        .Select(diagnostic => $"generated: {diagnostic}");

    /// <summary>In a method, or in the field that holds a block.</summary>
    private static bool IsInMember(Diagnostic diagnostic)
    {
        var node = diagnostic.Location.SourceTree!.GetRoot().FindNode(diagnostic.Location.SourceSpan);
        return node.AncestorsAndSelf().Any(ancestor => ancestor is MethodDeclarationSyntax or FieldDeclarationSyntax);
    }
}
