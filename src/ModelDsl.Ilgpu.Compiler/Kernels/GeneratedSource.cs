using System.IO.Compression;
using System.Net;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Compiler.Kernels;

/// <summary>The generated code of an assembly, which the C# compiler embeds in its symbols. Without symbols there is none.</summary>
internal sealed partial class GeneratedSource : IDisposable
{
    /// <summary>The kind of the information that contains the text of a file (Portable PDB format, "Embedded Source").</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private readonly PEReader image;
    private readonly MetadataReaderProvider? symbols;
    private readonly Dictionary<DocumentHandle, string[]> texts = [];

    private GeneratedSource(Assembly assembly, PEReader image, MetadataReaderProvider? symbols) => (Assembly, this.image, this.symbols) = (assembly, image, symbols);

    /// <summary>The assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>Opens the symbols of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="path">Its path.</param>
    public static GeneratedSource Open(Assembly assembly, string path)
    {
        var image = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        MetadataReaderProvider? symbols = null;
        try
        {
            image.TryOpenAssociatedPortablePdb(path, static file => File.Exists(file) ? new MemoryStream(File.ReadAllBytes(file)) : null, out symbols, out _);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            // The symbols only explain errors.
        }

        return new(assembly, image, symbols);
    }

    /// <summary>Returns the name of the generated file of a kernel, and the lines of its comment.</summary>
    public (string File, IReadOnlyList<string> Comment) Of(MethodInfo kernel)
    {
        if (symbols is null)
            return ("", []);
        var reader = symbols.GetMetadataReader();
        var information = reader.GetMethodDebugInformation(MetadataTokens.MethodDefinitionHandle(kernel.MetadataToken));
        var point = information.GetSequencePoints().FirstOrDefault(static point => !point.IsHidden);
        if (point.Document.IsNil)
            return ("", []);
        var name = reader.GetString(reader.GetDocument(point.Document).Name);
        if (!texts.TryGetValue(point.Document, out var lines))
            texts.Add(point.Document, lines = Text(reader, point.Document).Split('\n'));

        // The line before the first statement, or one above it, declares the method. Attributes are above it, and the comment above them.
        var line = Math.Min(point.StartLine, lines.Length) - 1;
        while (line >= 0 && !lines[line].Contains($" {kernel.Name}(", StringComparison.Ordinal))
            line--;
        while (line > 0 && lines[line - 1].TrimStart().StartsWith('['))
            line--;
        var end = line;
        while (line > 0 && lines[line - 1].TrimStart().StartsWith("///", StringComparison.Ordinal))
            line--;
        return (Path.GetFileName(name.Replace('\\', '/')), line < 0 ? [] : [.. lines[line..end].Select(Plain).Where(static text => text.Length > 0)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        symbols?.Dispose();
        image.Dispose();
    }

    /// <summary>The text of a line of a comment, without its elements.</summary>
    private static string Plain(string comment) => WebUtility.HtmlDecode(Element().Replace(comment.Trim()[3..], "")).Trim();

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Element();

    private static string Text(MetadataReader reader, DocumentHandle document)
    {
        foreach (var handle in reader.GetCustomDebugInformation(document))
        {
            var information = reader.GetCustomDebugInformation(handle);
            if (reader.GetGuid(information.Kind) != EmbeddedSource)
                continue;

            // The size of the text, or zero if it is not compressed, precedes it.
            var bytes = reader.GetBlobBytes(information.Value);
            using Stream content = new MemoryStream(bytes, sizeof(int), bytes.Length - sizeof(int));
            using var text = new StreamReader(BitConverter.ToInt32(bytes) == 0 ? content : new DeflateStream(content, CompressionMode.Decompress), Encoding.UTF8);
            return text.ReadToEnd().ReplaceLineEndings("\n");
        }

        return "";
    }
}
