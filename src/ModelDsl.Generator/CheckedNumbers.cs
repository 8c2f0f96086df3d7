using Microsoft.CodeAnalysis.Diagnostics;

namespace ModelDsl.Generator;

/// <summary>The property of a project that makes training steps check the numbers that they compute.</summary>
internal static class CheckedNumbers
{
    /// <summary>The property, as the compiler receives it.</summary>
    public const string Option = "build_property.ModelDslCheckNumbers";

    /// <summary>Whether a project has set the property to true.</summary>
    public static bool AreWanted(AnalyzerConfigOptionsProvider options) =>
        options.GlobalOptions.TryGetValue(Option, out var value) && value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
}
