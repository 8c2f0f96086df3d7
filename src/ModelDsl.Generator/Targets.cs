using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>What a project's references and settings ask of generated code.</summary>
/// <param name="Chosen">The targets to generate programs for.</param>
/// <param name="Options">What it asks of the text.</param>
internal sealed record Targets(EquatableArray<Target> Chosen, CodeOptions Options)
{
    /// <summary>Every target, in the order of the programs in generated code. A new target is added here, and nowhere else in the compiler.</summary>
    public static IReadOnlyList<Target> All { get; } = [.. CpuTarget.All, IlgpuTarget.Instance];

    /// <summary>The settings of a new project: no other devices, every vector width.</summary>
    public static Targets Default { get; } = new(CpuTarget.All.ToEquatableArray<Target>(), new CodeOptions());

    /// <summary>The version of C# that generated code is written in.</summary>
    private const LanguageVersion Language = LanguageVersion.CSharp12;

    /// <summary>Settings under which generated code would not compile. The analyzer reports them, once for the project.</summary>
    public EquatableArray<Problem> Obstacles { get; init; } = EquatableArray<Problem>.Empty;

    /// <summary>The targets of a project.</summary>
    /// <param name="compilation">Its sources and settings.</param>
    /// <param name="widths">The vector widths it names, as they are written; null for none.</param>
    public static Targets Of(Compilation compilation, string? widths) =>
        new(Wanted(compilation, VectorWidths.Parse(widths)).ToEquatableArray(), new CodeOptions(compilation.Options.CheckOverflow, compilation.Options.OptimizationLevel == OptimizationLevel.Release))
        {
            Obstacles = FindObstacles(compilation).ToEquatableArray(),
        };

    /// <summary>The targets whose programs compile in a project, because what they derive from is referenced.</summary>
    private static IEnumerable<Target> Wanted(Compilation compilation, VectorWidths widths) =>
        All.Where(target => widths.Include(target) && compilation.GetTypeByMetadataName(target.ProgramType) is not null);

    /// <summary>The settings of a project under which generated code would not compile.</summary>
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
