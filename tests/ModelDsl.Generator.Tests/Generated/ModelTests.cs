namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Every layer, loss and composition as users declare them: generated, compiled, run, and compared with float64.</summary>
public class ModelTests
{
    public static TheoryData<string> Groups => [.. DeclaredModels.Groups.Keys];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Models_compute_what_their_graphs_say(string group)
    {
        var library = DeclaredModels.Library(group);
        Failures.Collect(library.Names, name =>
        {
            foreach (var n in new[] { 1, 3, 17 }) ModelCheck.Run(library[name], n);
        });
    }
}
