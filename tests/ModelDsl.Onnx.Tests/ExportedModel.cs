using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Tests;

/// <summary>Files in memory.</summary>
internal static class ExportedModel
{
    /// <summary>The bytes of a file.</summary>
    public static byte[] Bytes(ModelProto model)
    {
        using var stream = new MemoryStream();
        OnnxModelWriter.Save(model, stream);
        return stream.ToArray();
    }
}
