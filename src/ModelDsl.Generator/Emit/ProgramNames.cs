using ModelDsl.Generator.Common;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// The names of generated types and files of a model. The programs of each model have a namespace of their own that contains nothing else, in which no name of the user can hide
/// theirs.
/// </summary>
internal sealed class ProgramNames(TypeSpec type)
{
    // The stem of class names is limited, because kernels are named within the class and metadata limits names to 1,023 characters.
    private const int LongestStem = 100;

    /// <summary>The suffixes of the names of a model's files; empty for the file with the members for users.</summary>
    public static IReadOnlyList<string> Suffixes { get; } = ["", GraphWriter.Suffix, .. Targets.All.SelectMany(target => target.FileSuffixes).Distinct()];

    /// <summary>The model's class name.</summary>
    public string Model => type.Name;

    /// <summary>The namespace of the model's programs.</summary>
    public string Namespace => type.Programs ?? ProgramSpaces.Wanted(type.Key);

    /// <summary>The class of the program for a target.</summary>
    public string Program(Target target) => Class(target.Name);

    /// <summary>The full name of the class of the program for a target.</summary>
    public string FullProgram(Target target) => $"global::{Namespace}.{Program(target)}";

    /// <summary>The class of a program. Its name ends with the suffix of its file.</summary>
    public string Class(string suffix) => $"{Stem}{suffix}";

    private string Stem => Shortened.To(LongestStem, Names.Pascal(type.Name));
}
