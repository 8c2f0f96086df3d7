using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Tests;

/// <summary>Files in memory.</summary>
internal static class ExportedModel
{
    /// <summary>The file of a model.</summary>
    public static ModelProto Of(Model model, int opset = 21) =>
        OnnxModelWriter.Write(model.Description.Name, model.Description.Graph!(), new ModelValues(model), new OnnxExportOptions { Opset = opset });

    /// <summary>The bytes of a file.</summary>
    public static byte[] Bytes(ModelProto model)
    {
        using var stream = new MemoryStream();
        OnnxModelWriter.Save(model, stream);
        return stream.ToArray();
    }
}
