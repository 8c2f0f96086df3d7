using System.Text;
using ModelDsl.Files;

namespace ModelDsl;

/// <summary>A text for training, read from one or several files.</summary>
public sealed class TextCorpus
{
    private TextCorpus(string text, IReadOnlyList<string> files)
    {
        Text = text;
        Files = files;
    }

    /// <summary>The text of all files in their order, with line ends as <c>\n</c>.</summary>
    public string Text { get; }

    /// <summary>The paths of the files, in their order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Reads files, in UTF-8 unless they begin with another byte order mark.</summary>
    /// <param name="paths">The paths of the files, in the order of the text.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TextCorpus FromFiles(params IEnumerable<string> paths)
    {
        string[] files = [.. paths];
        var text = new StringBuilder();
        foreach (var file in files)
        {
            if (text.Length > 0 && text[^1] != '\n')
                text.Append('\n');
            using var reader = new StreamReader(InputFile.Open(file));
            text.Append(reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal));
        }

        return new TextCorpus(text.ToString(), files);
    }

    /// <summary>
    /// Reads files of any size in parts of about a million characters, one at a time, in UTF-8 unless they begin with another byte order mark. A part ends after a line end that has
    /// neither white space before it nor after it, so that a byte-pair encoding has the same tokens for the parts as for the whole text. The parts are the text of the files, with line ends as <c>\n</c>.
    /// </summary>
    /// <param name="paths">The paths of the files, in the order of the text.</param>
    /// <exception cref="IOException">A file cannot be read; thrown when the part is read.</exception>
    /// <example>
    /// <code>
    /// TokenFile.Write("train.tokens", tokenizer, TextCorpus.ReadParts("train.txt"));
    /// </code>
    /// </example>
    public static IEnumerable<string> ReadParts(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return TextParts.Read(paths, TextParts.Length);
    }

    /// <summary>Reads the files of a folder and its subfolders, in the ordinal order of their paths, so that the text is always the same.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">The search pattern, such as <c>*.cs</c>.</param>
    /// <param name="accept">Decides whether to include a file, by its path relative to the folder with '/' as separator; null to include all.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TextCorpus FromFolder(string folder, string pattern = "*.txt", Func<string, bool>? accept = null)
    {
        var found = new List<(string Relative, string Path)>();
        foreach (var path in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (accept is null || accept(relative))
                found.Add((relative, path));
        }

        return FromFiles(found.OrderBy(file => file.Relative, StringComparer.Ordinal).Select(file => file.Path));
    }
}
