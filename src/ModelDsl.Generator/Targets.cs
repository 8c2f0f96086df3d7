using Microsoft.CodeAnalysis;

namespace ModelDsl.Generator;

/// <summary>What generated code depends on beside the models: devices other than the CPU, by what a project references, and its options.</summary>
/// <param name="Ilgpu">Whether it references ModelDsl.Ilgpu.</param>
/// <param name="IsChecked">Whether its arithmetic is checked for overflow by default.</param>
internal sealed record Targets(bool Ilgpu, bool IsChecked = false)
{
    /// <summary>What generated programs derive from; it is there exactly where their code compiles.</summary>
    private const string IlgpuMarker = "ModelDsl.Ilgpu.Compiled.IlgpuProgram";

    /// <summary>No other devices, and the options of a new project.</summary>
    public static Targets Default { get; } = new(Ilgpu: false);

    /// <summary>The targets of a project.</summary>
    public static Targets Of(Compilation compilation) =>
        new(compilation.GetTypeByMetadataName(IlgpuMarker) is not null, compilation.Options.CheckOverflow);
}
