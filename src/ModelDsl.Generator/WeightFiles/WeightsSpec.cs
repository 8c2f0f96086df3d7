using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.WeightFiles;

/// <summary>The weights file of a model: the arguments of [Weights].</summary>
/// <param name="File">The path of the file, relative to the folder of the program.</param>
/// <param name="Prefix">A prefix that is added to all names in the file.</param>
/// <param name="FilePrefix">The prefix of the tensors to load, which is removed from their names.</param>
/// <param name="AllowsMissing">Whether the file may lack parameters.</param>
/// <param name="AllowsUnexpected">Whether the file may have tensors that the model does not have.</param>
/// <param name="Site">The location of the attribute.</param>
internal sealed record WeightsSpec(string File, string Prefix, string FilePrefix, bool AllowsMissing, bool AllowsUnexpected, Site Site)
{
    /// <summary>The name of the file without its folder.</summary>
    public string FileName => NameOf(File);

    /// <summary>Whether the file must have exactly the parameters of the model, under their names.</summary>
    public bool IsExact => Prefix.Length == 0 && FilePrefix.Length == 0 && !AllowsMissing && !AllowsUnexpected;

    /// <summary>Returns the part of a path after its last separator.</summary>
    public static string NameOf(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
}
