using Microsoft.CodeAnalysis;

namespace ModelDsl.Generator;

/// <summary>For which devices beside the CPU a project asks for kernels, by what it references.</summary>
/// <param name="Ilgpu">Whether it references ModelDsl.Ilgpu.</param>
internal sealed record Targets(bool Ilgpu)
{
    /// <summary>What generated programs derive from; it is there exactly where their code compiles.</summary>
    private const string IlgpuMarker = "ModelDsl.Ilgpu.Compiled.IlgpuProgram";

    /// <summary>The targets of a project.</summary>
    public static Targets Of(Compilation compilation) => new(compilation.GetTypeByMetadataName(IlgpuMarker) is not null);
}
