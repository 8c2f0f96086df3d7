using ModelDsl.Generator.Common;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// What generated types and files of a model are called. The programs of each model live in a namespace that holds nothing else, where no name of the user's
/// can hide theirs.
/// </summary>
internal sealed class ProgramNames(TypeSpec type)
{
    // Of a class name: kernels are named within it, and metadata takes names of 1,023 characters.
    private const int LongestStem = 100;

    /// <summary>What follows a stem in the names of a model's files; nothing for the members users call.</summary>
    public static IReadOnlyList<string> Suffixes { get; } = ["", CpuSteps, .. CpuTarget.All.Select(TargetName), Ilgpu, IlgpuMember];

    /// <summary>The suffix of what the programs for CPUs have in common.</summary>
    public const string CpuSteps = "Steps";

    /// <summary>The suffix of the program for ILGPU devices.</summary>
    public const string Ilgpu = "Ilgpu";

    /// <summary>The suffix of the member through which a device asks for it.</summary>
    public const string IlgpuMember = "IlgpuMember";

    /// <summary>The model's class name.</summary>
    public string Model => type.Name;

    /// <summary>The namespace of the model's programs.</summary>
    public string Namespace => type.Programs ?? ProgramSpaces.Wanted(type.Key);

    /// <summary>The generic class that the programs for CPUs derive from.</summary>
    public string Steps => $"{Stem}{CpuSteps}";

    /// <summary>The class of the program for a target.</summary>
    public string Program(CpuTarget target) => $"{Stem}{TargetName(target)}";

    /// <summary>The full name of the class of the program for a target.</summary>
    public string FullProgram(CpuTarget target) => $"global::{Namespace}.{Program(target)}";

    /// <summary>The class of the program for ILGPU devices.</summary>
    public string IlgpuProgram => $"{Stem}{Ilgpu}";

    public static string TargetName(CpuTarget target) => target.Bits switch
    {
        512 => "Avx512",
        256 => "Avx2",
        _ => "Portable",
    };

    private string Stem => Shortened.To(LongestStem, Names.Pascal(type.Name));
}
