namespace ModelDsl.Ilgpu.Compiler;

/// <summary>Why the code of a kernel cannot be used.</summary>
/// <param name="code">The code of the error.</param>
/// <param name="message">What is wrong.</param>
internal sealed class KernelError(string code, string message) : Exception(message)
{
    /// <summary>ILGPU cannot compile it.</summary>
    public const string Refused = "MDSLGPU001";

    /// <summary>Its code needs something that the device does not have.</summary>
    public const string Unusable = "MDSLGPU002";

    /// <summary>An architecture is not known.</summary>
    public const string Architecture = "MDSLGPU003";

    /// <summary>The assembly, or the result, cannot be read or written.</summary>
    public const string File = "MDSLGPU004";

    /// <summary>A warning: the texts for reading cannot be written. MDSLGPU005 is an error of the targets.</summary>
    public const string Texts = "MDSLGPU006";

    /// <summary>The code of the error.</summary>
    public string Code { get; } = code;

    /// <summary>The error of a kernel whose code has a meaning that the build cannot know, as a part of a sentence.</summary>
    public static KernelError Of(NotSupportedException exception) => new(Unusable, char.ToLowerInvariant(exception.Message[0]) + exception.Message[1..].TrimEnd('.'));
}
