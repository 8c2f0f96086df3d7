using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>The references and settings of a project that affect generated code.</summary>
/// <param name="Chosen">The targets of the generated programs.</param>
/// <param name="Options">The options for generated text.</param>
internal sealed record Targets(EquatableArray<Target> Chosen, CodeOptions Options)
{
    /// <summary>All targets, in the order of the programs in generated code. To add a target to the compiler, add it here.</summary>
    public static IReadOnlyList<Target> All { get; } = [.. CpuTarget.All, IlgpuTarget.Instance];

    /// <summary>The settings of a new project: no devices other than the CPU, and all vector widths.</summary>
    public static Targets Default { get; } = new(CpuTarget.All.ToEquatableArray<Target>(), new CodeOptions());

    /// <summary>The version of C# that generated code is written in.</summary>
    private const LanguageVersion Language = LanguageVersion.CSharp12;

    /// <summary>Settings with which generated code would not compile. The analyzer reports them once per project.</summary>
    public EquatableArray<Problem> Obstacles { get; init; } = EquatableArray<Problem>.Empty;

    /// <summary>The type by which a package that reads graphs is recognized.</summary>
    public const string GraphReader = "ModelDsl.OnnxExportOptions";

    /// <summary>Whether the project references a package that reads the inference graphs of models.</summary>
    public bool DescribesGraphs { get; init; }

    /// <summary>Returns the targets of a project.</summary>
    /// <param name="compilation">The sources and settings of the project.</param>
    /// <param name="widths">The property with the vector widths; null if it is not set.</param>
    /// <param name="checksNumbers">Whether training steps check the numbers that they compute.</param>
    public static Targets Of(Compilation compilation, string? widths, bool checksNumbers = false) =>
        new(
            Wanted(compilation, VectorWidths.Parse(widths)).ToEquatableArray(),
            new CodeOptions(compilation.Options.CheckOverflow, compilation.Options.OptimizationLevel == OptimizationLevel.Release, checksNumbers))
        {
            Obstacles = FindObstacles(compilation).ToEquatableArray(),
            DescribesGraphs = compilation.GetTypeByMetadataName(GraphReader) is not null,
        };

    /// <summary>Returns the targets whose programs compile in a project, because it references their base class.</summary>
    private static IEnumerable<Target> Wanted(Compilation compilation, VectorWidths widths) =>
        All.Where(target => widths.Include(target) && compilation.GetTypeByMetadataName(target.ProgramType) is not null);

    /// <summary>Returns the settings of a project with which generated code would not compile.</summary>
    public static IEnumerable<Problem> FindObstacles(Compilation compilation)
    {
        if (compilation is not CSharpCompilation project) yield break;
        if (project.LanguageVersion < Language)
        {
            yield return Problem.At(
                Descriptors.LanguageVersion.Id, Site.OfType(""), Language.ToDisplayString(), project.LanguageVersion.ToDisplayString());
        }

        if (!project.Options.AllowUnsafe) yield return Problem.At(Descriptors.UnsafeBlocks.Id, Site.OfType(""));
    }
}
