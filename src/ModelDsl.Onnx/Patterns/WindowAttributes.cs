using ModelDsl.Onnx.Graphs;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Patterns;

/// <summary>The attributes of operators with windows.</summary>
internal static class WindowAttributes
{
    /// <summary>Returns the sizes, the strides and the padding.</summary>
    public static AttributeProto[] Of(WindowAxis[] windows, bool hasDilations = true) =>
    [
        OnnxAttribute.Of("kernel_shape", windows.Select(window => window.Kernel)),
        OnnxAttribute.Of("strides", windows.Select(window => window.Stride)),
        .. hasDilations ? [OnnxAttribute.Of("dilations", windows.Select(window => window.Dilation))] : Array.Empty<AttributeProto>(),
        OnnxAttribute.Of("pads", [.. windows.Select(window => window.Before), .. windows.Select(window => Math.Max(0, window.After))]),
    ];
}
