namespace ModelDsl.Onnx.Importer;

/// <summary>Why a file cannot be imported. It is reported as one error of the build.</summary>
/// <param name="code">The code of the error.</param>
/// <param name="message">What was wrong, what was expected, and what to do.</param>
internal sealed class ImportException(string code, string message) : Exception(message)
{
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
}
