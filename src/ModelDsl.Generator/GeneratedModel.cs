using ModelDsl.Generator.Common;

namespace ModelDsl.Generator;

/// <summary>The generated files of one class.</summary>
/// <param name="Key">The key of the class.</param>
/// <param name="Files">The files.</param>
internal sealed record GeneratedModel(string Key, EquatableArray<GeneratedFile> Files)
{
    /// <summary>Returns a result without files.</summary>
    public static GeneratedModel Nothing(string key) => new(key, EquatableArray<GeneratedFile>.Empty);
}

/// <summary>A generated source file.</summary>
/// <param name="Suffix">The part of the file name after the name of the class.</param>
/// <param name="Text">The source.</param>
internal sealed record GeneratedFile(string Suffix, string Text);
