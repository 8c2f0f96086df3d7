using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.WeightFiles;

/// <summary>A former name of a layer, a block or a weight: an argument of [FormerlyKnownAs].</summary>
/// <param name="Former">The former name.</param>
/// <param name="Now">The name that it has now.</param>
/// <param name="Site">The location of the attribute, or of the member that has it.</param>
internal sealed record FormerName(string Former, string Now, Site Site)
{
    /// <summary>Returns the former name in a block, as a name of the model.</summary>
    /// <param name="path">The path of the block.</param>
    public FormerName In(string path) => path.Length == 0 ? this : this with { Former = $"{path}.{Former}", Now = $"{path}.{Now}" };

    /// <summary>Whether a name is the given one or begins with it.</summary>
    public static bool Begins(string name, string layer) =>
        name.StartsWith(layer, StringComparison.Ordinal) && (name.Length == layer.Length || name[layer.Length] == '.');

    /// <summary>Returns the present name of a tensor; its own name if it is not a former one. A part of a renamed block may be renamed too.</summary>
    /// <param name="names">The former names of the model.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="isKnown">Whether the model has a parameter with a name.</param>
    public static string Present(EquatableArray<FormerName> names, string tensor, Func<string, bool> isKnown)
    {
        var name = tensor;
        for (var step = 0; step <= names.Count; step++)
        {
            if (isKnown(name)) return name;
            if (names.FirstOrDefault(other => Begins(name, other.Former)) is not { } former) break;
            name = former.Now + name.Substring(former.Former.Length);
        }

        return tensor;
    }
}
