using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>Properties of a project file, as the compiler gives them to the generator and the analyzer.</summary>
/// <param name="widths">The value of <c>ModelDslVectorWidths</c>; null where it is not set.</param>
/// <param name="checkNumbers">The value of <c>ModelDslCheckNumbers</c>, likewise.</param>
internal sealed class ProjectOptions(string? widths, string? checkNumbers = null) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(widths?.Replace(';', ','), checkNumbers);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Values(string? widths, string? checkNumbers) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value)
        {
            var given = key == VectorWidths.Option ? widths : key == CheckedNumbers.Option ? checkNumbers : null;
            value = given ?? "";
            return given is not null;
        }
    }
}
