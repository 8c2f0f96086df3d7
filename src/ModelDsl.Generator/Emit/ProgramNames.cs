using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit;

/// <summary>What generated types and files of a model are called. Programs live in a namespace of their own, where no name of the user's can hide theirs.</summary>
internal sealed class ProgramNames(TypeSpec type)
{
    private readonly string flat = type.Key.Replace('+', '.');

    /// <summary>The model's class name.</summary>
    public string Model => type.Name;

    /// <summary>The model's class name as an identifier.</summary>
    public static string Identifier(TypeSpec type) => Names.Keywords.Contains(type.Name) ? "@" + type.Name : type.Name;

    /// <summary>The namespace of the model's programs.</summary>
    public string Namespace => type.Namespace.Length == 0 ? "ModelDsl.Generated" : $"ModelDsl.Generated.{type.Namespace}";

    /// <summary>The class of the program for a target.</summary>
    public string Program(CpuTarget target) => $"{Stem}{TargetName(target)}";

    /// <summary>The full name of the class of the program for a target.</summary>
    public string FullProgram(CpuTarget target) => $"global::{Namespace}.{Program(target)}";

    /// <summary>The class of the program for ILGPU devices.</summary>
    public string IlgpuProgram => $"{Stem}Ilgpu";

    /// <summary>The name of a generated file.</summary>
    public string File(string suffix) => suffix.Length == 0 ? $"{flat}.g.cs" : $"{flat}.{suffix}.g.cs";

    public static string TargetName(CpuTarget target) => target.Bits switch
    {
        512 => "Avx512",
        256 => "Avx2",
        _ => "Portable",
    };

    /// <summary>Containing classes and the class itself in one word.</summary>
    private string Stem => string.Concat(type.Key.Substring(type.Namespace.Length == 0 ? 0 : type.Namespace.Length + 1).Split('+', '.').Select(Names.Pascal));
}
