using System.Text.Json;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>What the page of the language shows is the network that it is said to be.</summary>
public class LanguageTests
{
    private static readonly Dictionary<string, int> Counts = JsonSerializer.Deserialize<Dictionary<string, int>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "language.json")))!;

    public static TheoryData<string> Networks => [.. Counts.Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_has_as_many_parameters_as_in_PyTorch(string name)
    {
        var models = CompiledPage.Of("docs/language.md").Models.Where(model => model.Name == name).ToArray();
        Assert.NotEmpty(models);
        Assert.All(models, model => Assert.Equal(Counts[name], model.Parameters));
    }
}
