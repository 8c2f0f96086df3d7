using ModelDsl.Onnx.Export;

namespace ModelDsl.Onnx.Patterns;

/// <summary>A group of nodes that one operator computes.</summary>
/// <param name="Reads">The nodes that it reads.</param>
/// <param name="Write">Writes the operator and returns its value; null for loops.</param>
internal sealed record PatternMatch(int[] Reads, Func<OnnxTensor>? Write)
{
    /// <summary>For loops: writes the operator and returns its results.</summary>
    public Func<LoopResults>? WriteLoop { get; init; }
}

/// <summary>The groups of nodes for which ONNX has an operator.</summary>
internal static class PatternTable
{
    private static readonly Func<ExportScope, int, PatternMatch?>[] Patterns =
    [
        ConvolutionPattern.Find, TransposedConvolutionPattern.Find, DensePattern.Find, MaxPoolPattern.Find, MeanPattern.Find, BatchNormPattern.Find, LayerNormPattern.Find,
        AttentionPattern.Find, RecurrentPattern.Find, RotaryPattern.Find, LoopStatePattern.Find, DropoutPattern.Find, BatchStatisticsPattern.Find,
    ];

    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number) => Patterns.Select(find => find(scope, number)).FirstOrDefault(match => match is not null);
}
