using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>An additional file of a project, in memory.</summary>
/// <param name="path">Its path.</param>
/// <param name="text">Its text.</param>
internal sealed class TextFile(string path, string text) : AdditionalText
{
    public override string Path { get; } = path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
