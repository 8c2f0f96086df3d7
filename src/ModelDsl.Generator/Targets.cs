using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>What a project's references and settings ask of generated code.</summary>
/// <param name="Ilgpu">Whether it references ModelDsl.Ilgpu.</param>
/// <param name="IsChecked">Whether its arithmetic is checked for overflow by default.</param>
internal sealed record Targets(bool Ilgpu, bool IsChecked = false)
{
    /// <summary>What generated programs derive from; it is there exactly where their code compiles.</summary>
    private const string IlgpuMarker = "ModelDsl.Ilgpu.Compiled.IlgpuProgram";

    /// <summary>The settings of a new project: no other devices, every vector width.</summary>
    public static Targets Default { get; } = new(Ilgpu: false);

    /// <summary>The version of C# that generated code is written in.</summary>
    private const LanguageVersion Language = LanguageVersion.CSharp12;

    /// <summary>Whether the project's compiler and the JIT compiler optimize its code. Where they do not, kernels are written with as few calls as possible.</summary>
    public bool IsOptimized { get; init; } = true;

    /// <summary>Vector registers there are kernels for.</summary>
    public VectorWidths Widths { get; init; } = VectorWidths.All;

    /// <summary>Settings under which generated code would not compile. The analyzer reports them, once for the project.</summary>
    public EquatableArray<Problem> Obstacles { get; init; } = EquatableArray<Problem>.Empty;

    /// <summary>The targets of a project.</summary>
    /// <param name="compilation">Its sources and settings.</param>
    /// <param name="widths">The vector widths it names, as they are written; null for none.</param>
    public static Targets Of(Compilation compilation, string? widths) =>
        new(compilation.GetTypeByMetadataName(IlgpuMarker) is not null, compilation.Options.CheckOverflow)
        {
            IsOptimized = compilation.Options.OptimizationLevel == OptimizationLevel.Release,
            Widths = VectorWidths.Parse(widths),
            Obstacles = FindObstacles(compilation).ToEquatableArray(),
        };

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
