using System.Globalization;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Reading;

/// <summary>The bytes of a tensor in another file, which must be in the folder of the ONNX file or below it.</summary>
/// <param name="Path">The path of the other file.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">The number of bytes.</param>
internal sealed record ExternalData(string Path, long Offset, long Length)
{
    /// <summary>Returns the location of a tensor's bytes.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="folder">The folder of the ONNX file.</param>
    /// <param name="length">The number of bytes that its shape needs.</param>
    public static ExternalData Of(TensorProto tensor, string folder, long length)
    {
        var location = Entry(tensor, "location") ?? throw Error(tensor, "it is in another file whose name is missing.");
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal)) throw Error(tensor, "it is in another file whose name is not one of a file.");
        var root = System.IO.Path.GetFullPath(folder);
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, location));
        if (System.IO.Path.IsPathRooted(location) || !IsWithin(path, root))
            throw Error(tensor, $"it is in the file '{location}', which is outside the folder of the ONNX file. Such files are not read: move it beside the ONNX file, and export it again.");

        var file = new FileInfo(path);
        if (!file.Exists) throw Error(tensor, $"it is in the file '{location}', which does not exist: copy it beside the ONNX file.");
        if (HasLink(file, root)) throw Error(tensor, $"it is in the file '{location}', which is a link or is reached through one. Links are not followed: copy the file beside the ONNX file.");
        if (length > Array.MaxLength) throw Error(tensor, $"it has {length:N0} bytes, but at most {Array.MaxLength:N0} can be read for one tensor.");
        var offset = Number(tensor, "offset") ?? 0;
        var given = Number(tensor, "length") ?? length;
        if (given != length) throw Error(tensor, $"its shape needs {length:N0} bytes, but {given:N0} are given in '{location}'.");
        if (offset > file.Length || file.Length - offset < length)
            throw Error(tensor, $"bytes {offset:N0} to {offset + length:N0} of '{location}' are needed, but it has {file.Length:N0}: it is cut off, or belongs to another file.");
        return new(path, offset, length);
    }

    /// <summary>Returns the paths of all files that tensors of a graph are in.</summary>
    /// <param name="graph">The graph, whose tensors have been read.</param>
    /// <param name="folder">The folder of the ONNX file.</param>
    public static IReadOnlyList<string> FilesOf(GraphProto graph, string folder)
    {
        var tensors = graph.Initializer.Concat(graph.Node.SelectMany(node => node.Attribute).Select(attribute => attribute.T).OfType<TensorProto>());
        var locations = tensors.Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External).Select(tensor => Entry(tensor, "location")).OfType<string>();
        return [.. locations.Where(location => !location.Contains('\0', StringComparison.Ordinal)).Select(location => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, location))).Where(File.Exists).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads the bytes.</summary>
    public byte[] Read()
    {
        try
        {
            using var stream = File.OpenRead(Path);
            stream.Position = Offset;
            var bytes = new byte[Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(ImportException.ExternalData, $"'{Path}' cannot be read: {exception.Message}");
        }
    }

    private static bool IsWithin(string path, string root) =>
        path.StartsWith(root.EndsWith(System.IO.Path.DirectorySeparatorChar) ? root : root + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool HasLink(FileInfo file, string root)
    {
        if (file.LinkTarget is not null) return true;
        for (var folder = file.Directory; folder is not null && IsWithin(folder.FullName, root); folder = folder.Parent)
        {
            if (folder.LinkTarget is not null) return true;
        }

        return false;
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static long? Number(TensorProto tensor, string key)
    {
        if (Entry(tensor, key) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Error(tensor, $"its {key} '{text}' is not a number of bytes.");
    }

    private static ImportException Error(TensorProto tensor, string message) => new(ImportException.ExternalData, $"tensor '{tensor.Name}': {message}");
}
