using System.Text.RegularExpressions;

namespace ModelDsl.Onnx.Importer;

/// <summary>Why a file cannot be imported. It is reported as one error of the build.</summary>
/// <param name="code">The code of the error.</param>
/// <param name="message">What was wrong, what was expected, and what to do.</param>
internal sealed partial class ImportException(string code, string message) : Exception(Shortened(message))
{
    /// <summary>The number of characters of a message, and of a word in it.</summary>
    private const int MostCharacters = 2000, MostOfWord = 200;

    /// <summary>The file cannot be read, or is not an ONNX file.</summary>
    public const string File = "MDSLONNX001";

    /// <summary>A tensor is stored in another file that must not or cannot be read.</summary>
    public const string ExternalData = "MDSLONNX002";

    /// <summary>An operator, or a use of it, is not supported.</summary>
    public const string Unsupported = "MDSLONNX003";

    /// <summary>The graph or a tensor contradicts itself.</summary>
    public const string Damaged = "MDSLONNX004";

    /// <summary>A size is not known when the project is built.</summary>
    public const string UnknownSize = "MDSLONNX005";

    /// <summary>The file needs a later version of the format.</summary>
    public const string Version = "MDSLONNX006";

    /// <summary>An option of the import does not fit the file.</summary>
    public const string Option = "MDSLONNX007";

    /// <summary>The code of the error.</summary>
    public string Code { get; } = code;

    /// <summary>Creates the error of a node.</summary>
    public static ImportException AtNode(string code, string node, string type, string message) => new(code, $"node '{node}' ({type}): {message}");

    /// <summary>Names in files may have any length.</summary>
    private static string Shortened(string message)
    {
        var text = LongWord().Replace(message, word => $"{word.Value[..(MostOfWord / 2)]}…{word.Value[^20..]}");
        return text.Length <= MostCharacters ? text : $"{text[..MostCharacters]}…";
    }

    [GeneratedRegex(@"\S{200,}")]
    private static partial Regex LongWord();
}
