using ModelDsl.Generator.Common;
using ModelDsl.Generator.Loops;
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
    public static IReadOnlyList<string> Suffixes { get; } = ["", .. Targets.All.SelectMany(target => target.FileSuffixes).Distinct()];

    /// <summary>The model's class name.</summary>
    public string Model => type.Name;

    /// <summary>The namespace of the model's programs.</summary>
    public string Namespace => type.Programs ?? ProgramSpaces.Wanted(type.Key);

    /// <summary>The class of the program for a target.</summary>
    public string Program(Target target) => Class(target.Name);

    /// <summary>The full name of the class of the program for a target.</summary>
    public string FullProgram(Target target) => $"global::{Namespace}.{Program(target)}";

    /// <summary>A class of a program: the suffix of its file ends its name.</summary>
    public string Class(string suffix) => $"{Stem}{suffix}";

    private string Stem => Shortened.To(LongestStem, Names.Pascal(type.Name));
}
