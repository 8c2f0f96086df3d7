using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Package.Tests;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>The samples of the repository: what is checked of all kernels is checked of theirs.</summary>
public class SampleModelTests
{
    /// <summary>Layers of models that are for CPUs: for GPUs their positions are unrolled, and compiling them takes long. The corpus has small ones.</summary>
    private static readonly string[] Recurrent = ["Lstm", "Gru", "SimpleRnn"];

    /// <summary>The samples whose models have blocks that their build imports from ONNX files.</summary>
    private static readonly string[] Imported = ["Embeddings", "Transfer"];

    [RepositoryFact]
    public void The_models_of_all_samples_are_among_those_that_are_compiled()
    {
        var models = Directory.EnumerateFiles(Path.Combine(FreshProject.RepositoryRoot()!, "samples"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj" || Imported.Contains(folder)))
            .SelectMany(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>())
            .Where(type => Attributes(type).Contains("Model") && !IsRecurrent(type))
            .Select(type => type.Identifier.Text)
            .ToList();
        Assert.True(models.Count >= 9, string.Join(", ", models));
        Assert.All(models, model => Assert.Contains(KnownKernels.All.Keys, kernel => kernel.StartsWith($"{model}Ilgpu.", StringComparison.Ordinal)));
    }

    private static bool IsRecurrent(ClassDeclarationSyntax type) =>
        Attributes(type).Intersect(Recurrent).Any() || Array.Exists(Recurrent, layer => type.ToString().Contains($".{layer}(", StringComparison.Ordinal));

    private static IEnumerable<string> Attributes(ClassDeclarationSyntax type) =>
        type.AttributeLists.SelectMany(list => list.Attributes).Select(attribute => attribute.Name.ToString());
}
