using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>Compilations in memory, against the framework that runs the tests and our own assemblies.</summary>
internal static class TestCompilation
{
    /// <summary>What every source may use without saying so.</summary>
    public const string GlobalUsings = "global using System; global using ModelDsl;";

    /// <summary>What all compilations grow from, so that what is known of the framework is read once and not by each.</summary>
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Test",
        references: FindReferences(),
        options: new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable,
            optimizationLevel: OptimizationLevel.Release));

    /// <summary>The options of every compilation.</summary>
    public static CSharpCompilationOptions Options => Empty.Options;

    /// <summary>The framework that runs the tests, and our own assemblies: the same objects for all, so that their symbols are shared.</summary>
    public static IEnumerable<MetadataReference> References => Empty.References;

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    /// <summary>
    /// For tests that do not need the warnings of the C# compiler: without documentation, and without the flow analysis of null values, which is a quarter of a
    /// compilation.
    /// </summary>
    public static CSharpParseOptions WithoutWarnings { get; } =
        ParseOptions.WithDocumentationMode(DocumentationMode.None).WithFeatures([new("run-nullable-analysis", "never")]);

    /// <summary>
    /// A library from source files named <c>Test0.cs</c>, <c>Test1.cs</c>, …; <c>System</c> and <c>ModelDsl</c> are imported.
    /// </summary>
    public static CSharpCompilation Create(params string[] sources) => Create(ParseOptions, sources);

    /// <inheritdoc cref="Create(string[])"/>
    public static CSharpCompilation Create(CSharpParseOptions options, params string[] sources) => Empty.AddSyntaxTrees(
        [.. sources.Select((source, index) => Parse(source, index, options)), CSharpSyntaxTree.ParseText(GlobalUsings, options, "GlobalUsings.cs")]);

    public static SyntaxTree Parse(string source, int index, CSharpParseOptions? options = null) =>
        CSharpSyntaxTree.ParseText(source, options ?? ParseOptions, $"Test{index}.cs");

    /// <summary>The compiled assembly; fails with the compiler's messages when there are errors.</summary>
    public static Assembly Load(Compilation compilation)
    {
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(image.ToArray());
    }

    private static MetadataReference[] FindReferences()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return
        [
            .. platform.Where(path => Path.GetDirectoryName(path) == framework).Select(path => MetadataReference.CreateFromFile(path)),
            MetadataReference.CreateFromFile(typeof(ModelAttribute).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(Model).Assembly.Location),
            // Only programs of pages use this package, and not every project that compiles this file references it.
            .. platform.Where(path => Path.GetFileName(path) == "ModelDsl.Text.dll").Select(path => MetadataReference.CreateFromFile(path)),
        ];
    }
}
