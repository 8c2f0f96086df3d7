using ModelDsl.Generator.Common;

namespace ModelDsl.Generator;

/// <summary>What is generated for one class.</summary>
/// <param name="Key">The class.</param>
/// <param name="Files">Its files.</param>
internal sealed record GeneratedModel(string Key, EquatableArray<GeneratedFile> Files)
{
    /// <summary>No files.</summary>
    public static GeneratedModel Nothing(string key) => new(key, EquatableArray<GeneratedFile>.Empty);
}

/// <summary>A generated source file.</summary>
/// <param name="Suffix">What follows the name of the class in the file's name.</param>
/// <param name="Text">The source.</param>
internal sealed record GeneratedFile(string Suffix, string Text);
