using ModelDsl.Generator.Common;

namespace ModelDsl.Generator;

/// <summary>What is generated for one model.</summary>
internal sealed record GeneratedModel(string Key, EquatableArray<GeneratedFile> Files);

/// <summary>A generated source file.</summary>
internal sealed record GeneratedFile(string HintName, string Text);
