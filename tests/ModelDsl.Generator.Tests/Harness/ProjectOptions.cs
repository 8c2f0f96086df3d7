using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>Properties of a project file, as the compiler gives them to the generator and the analyzer.</summary>
/// <param name="widths">The value of <c>ModelDslVectorWidths</c>; null where it is not set.</param>
internal sealed class ProjectOptions(string? widths) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(widths?.Replace(';', ','));

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Values(string? widths) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value)
        {
            value = widths ?? "";
            return widths is not null && key == VectorWidths.Option;
        }
    }
}
