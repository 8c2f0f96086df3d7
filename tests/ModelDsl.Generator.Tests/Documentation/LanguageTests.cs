using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>What the page of the language shows compiles, and is the network that it is said to be.</summary>
public class LanguageTests
{
    private const string Fence = "\n```csharp\n";

    private static readonly Dictionary<string, int> Counts = JsonSerializer.Deserialize<Dictionary<string, int>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "language.json")))!;

    /// <summary>The examples, each in a namespace of its own.</summary>
    private static readonly Lazy<string[]> Examples = new(() =>
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "language.md")).ReplaceLineEndings("\n");
        return [.. page.Split(Fence).Skip(1).Select((part, index) => $"namespace Example{index};\n{part[..part.IndexOf("\n```", StringComparison.Ordinal)]}")];
    });

    public static TheoryData<string> Networks => [.. Counts.Keys];

    [Fact]
    public async Task Every_example_compiles_with_what_is_generated_for_it_without_a_warning()
    {
        // Nothing on the page needs what is generated for the large ones.
        var large = Examples.Value.Where(example => Counts.Any(count => count.Value > 10_000_000 && example.Contains($"class {count.Key}", StringComparison.Ordinal))).ToArray();
        Generation.NewDriver().RunGeneratorsAndUpdateCompilation(TestCompilation.Create([.. Examples.Value.Except(large)]), out var generated, out var crashes);
        Assert.Empty(crashes);
        Compilation asWritten = TestCompilation.Create(large);
        foreach (var compilation in new[] { generated, asWritten })
        {
            var found = await compilation.WithAnalyzers([new ModelAnalyzer(), new ModelSuppressor()]).GetAllDiagnosticsAsync();
            Assert.Empty(found.Where(diagnostic => diagnostic is { IsSuppressed: false, Severity: DiagnosticSeverity.Error or DiagnosticSeverity.Warning }));
        }

        Assert.Equal(2, large.Length);
        Assert.True(Models(generated).Count() + Models(asWritten).Count() > 18);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_has_as_many_parameters_as_in_PyTorch(string name)
    {
        var compilation = TestCompilation.Create(Examples.Value);
        var models = Models(compilation).Where(type => type.Name == name).ToArray();
        Assert.NotEmpty(models);
        foreach (var model in models)
        {
            var lowered = Lowering.Lower(ModelParser.ReadModel(model, compilation, default));
            Assert.Equal(Counts[name], lowered.Parameters.Where(parameter => parameter is not StateNode).Sum(parameter => parameter.Shape.Length));
        }
    }

    private static IEnumerable<INamedTypeSymbol> Models(Compilation compilation) =>
        compilation.Assembly.GlobalNamespace.GetNamespaceMembers().SelectMany(space => space.GetTypeMembers()).Where(Symbols.IsModel);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
