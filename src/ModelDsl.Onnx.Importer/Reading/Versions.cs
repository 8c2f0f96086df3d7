using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Reading;

/// <summary>The versions of operators that the converters know.</summary>
internal static class Versions
{
    /// <summary>The last version of the standard operators that the converters were written for.</summary>
    public const long LastOpset = 23;

    /// <summary>Fails if a file has operators of another version.</summary>
    public static void Check(ModelProto model)
    {
        var opset = Opset(model);
        if (opset is < 1 or > LastOpset)
            throw new ImportException(ImportException.Version, $"it has opset {opset}, but opsets 1 to {LastOpset} can be read: export it again with opset_version={LastOpset} or less.");
    }

    /// <summary>The version of the standard operators in a file. Files of the first version of the format do not say it.</summary>
    public static long Opset(ModelProto model) => model.OpsetImport.FirstOrDefault(set => IsStandard(set.Domain))?.Version ?? 1;

    /// <summary>Whether a domain is that of the standard operators.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";
}
