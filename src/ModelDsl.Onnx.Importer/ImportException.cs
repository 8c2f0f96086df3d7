namespace ModelDsl.Onnx.Importer;

/// <summary>Why a file cannot be imported. It is reported as one error of the build.</summary>
/// <param name="code">The code of the error.</param>
/// <param name="message">What was wrong, what was expected, and what to do.</param>
internal sealed class ImportException(string code, string message) : Exception(Shortened(message))
{
    /// <summary>The number of characters of a message, and of a name in it.</summary>
    private const int MostCharacters = 2000, MostOfName = 200;

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
    public static ImportException AtNode(string code, string node, string type, string message) => new(code, $"node '{Name(node)}' ({Name(type)}): {message}");

    /// <summary>Creates the error of attention that is several nodes in the file.</summary>
    public static ImportException InAttention(string code, string last, string message) => new(code, $"attention that ends at node '{Name(last)}' (MatMul): {message}");

    /// <summary>A name of a file, which may have any length. Paths are not shortened.</summary>
    private static string Name(string name) => name.Length <= MostOfName ? name : $"{Start(name, MostOfName / 2)}…{End(name, 20)}";

    private static string Shortened(string message) => message.Length <= MostCharacters ? message : $"{Start(message, MostCharacters)}…";

    /// <summary>Returns the first characters, without the first half of a character of two.</summary>
    private static string Start(string text, int count) => char.IsHighSurrogate(text[count - 1]) ? text[..(count - 1)] : text[..count];

    /// <summary>Returns the last characters, without the second half of a character of two.</summary>
    private static string End(string text, int count) => char.IsLowSurrogate(text[^count]) ? text[^(count - 1)..] : text[^count..];
}
