using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Package.Tests;

namespace ModelDsl.Onnx.Tests;

/// <summary>The models of the samples as files. The small ones are compared with the interpreter of their graphs; the others must run.</summary>
public sealed class SampleTests
{
    /// <summary>The interpreter takes too long for models with more operations.</summary>
    private const long MostOperations = 1_500_000;

    /// <summary>Models with more numbers are not created.</summary>
    private const long MostParameters = 3_000_000;

    /// <summary>The samples whose models have blocks that their build imports from ONNX files.</summary>
    private static readonly string[] Imported = ["Embeddings", "Transfer"];

    [Fact]
    public void Models_of_the_samples_compute_what_their_graphs_say()
    {
        CorpusModel[] models = [.. Directory.EnumerateDirectories(Path.Combine(FreshProject.RepositoryRoot()!, "samples")).Where(folder => !Imported.Contains(Path.GetFileName(folder))).SelectMany(ModelsOf).Where(model => Parameters(model) <= MostParameters)];
        Assert.True(models.Length >= 15, string.Join(", ", models.Select(model => model.Key)));
        var graphs = new DescribedGraphs(models);
        ModelCorpus.Check(models, model => Check(model, graphs));
    }

    private static void Check(CorpusModel model, DescribedGraphs graphs)
    {
        var sample = Sample.Random(model.Lowered, 2);
        var outcome = graphs.Run(model, sample, new OnnxExportOptions { ApplyOutputActivation = false, NamedOutputs = true });
        Assert.All(outcome.Values, value => Assert.All(value.Value, number => Assert.True(float.IsFinite(number))));
        if (model.Lowered.Layers.Sum(layer => layer.Flops) <= MostOperations)
            new Reference(model.Lowered, sample).AssertOutputs(outcome, model.Key);
    }

    private static long Parameters(CorpusModel model) => model.Lowered.Parameters.Sum(parameter => (long)parameter.Shape.Length);

    /// <summary>The models of a folder. Types of other folders are missing there, which matters to no model.</summary>
    private static IEnumerable<CorpusModel> ModelsOf(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !file[folder.Length..].Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))];
        var compilation = TestCompilation.Create(TestCompilation.WithoutWarnings, [.. files.Select(File.ReadAllText), "global using System.Linq; global using System.Collections.Generic; global using System.IO;"]);
        return Types(compilation.Assembly.GlobalNamespace).Where(Symbols.IsModel)
            .Select(type => new CorpusModel(ModelForm.Declared, 0, type.ToDisplayString(), type.Name, () => ModelParser.ReadModel(type, compilation, default)));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol space) => space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(Types));
}
