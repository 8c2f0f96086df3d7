namespace ModelDsl.Ilgpu.Compiler;

/// <summary>What is compiled. The targets write it as lines of <c>name=value</c>.</summary>
internal sealed record CompileOptions
{
    /// <summary>The assembly, as the C# compiler wrote it.</summary>
    public required string Assembly { get; init; }

    /// <summary>The file of kernels. It is deleted if the assembly has none.</summary>
    public required string Output { get; init; }

    /// <summary>The folder of the texts for reading.</summary>
    public required string Texts { get; init; }

    /// <summary>The architectures of PTX.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>The assemblies that the project uses.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The C# files of the project.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Reads the lines.</summary>
    public static CompileOptions Read(IEnumerable<string> lines)
    {
        var values = lines.Select(static line => line.Split('=', 2)).Where(static pair => pair.Length == 2 && pair[1].Length > 0).ToLookup(static pair => pair[0], static pair => pair[1]);
        return new()
        {
            Assembly = values["assembly"].Last(),
            Output = values["output"].Last(),
            Texts = values["texts"].Last(),
            Architectures = [.. values["architecture"].Select(static name => name.Trim()).Distinct()],
            References = [.. values["reference"]],
            Sources = [.. values["source"]],
        };
    }
}
