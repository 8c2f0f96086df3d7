using Google.Protobuf;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Reading;

/// <summary>Reads a file into the messages of the format. The file may come from an untrusted source: its size and its depth are limited.</summary>
internal static class OnnxFile
{
    /// <summary>The limit of the format's encoding.</summary>
    private const long GreatestFile = int.MaxValue;

    /// <summary>Graphs within graphs; each level needs three messages.</summary>
    private const int GreatestDepth = 64;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ImportException">It cannot be read, or is not an ONNX file of a known version.</exception>
    public static ModelProto Read(string path)
    {
        var model = Parse(path);
        if (model.Graph is null) throw new ImportException(ImportException.File, "it has no graph: it is empty, cut off, or not an ONNX file.");
        Versions.Check(model);
        return model;
    }

    private static ModelProto Parse(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > GreatestFile)
                throw new ImportException(ImportException.File, $"it has {stream.Length:N0} bytes, but an ONNX file has less than 2 GB: larger models keep their numbers in a second file (external data).");

            using var input = CodedInputStream.CreateWithLimits(stream, (int)GreatestFile, GreatestDepth);
            var model = new ModelProto();
            model.MergeFrom(input);
            return model;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ImportException(ImportException.File, $"it is damaged, or not an ONNX file: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(ImportException.File, $"it cannot be read: {exception.Message}");
        }
    }
}
