using System.Globalization;

namespace ModelDsl.Generator.Layers;

/// <summary>Naming of layers, nodes and parameters.</summary>
internal static class LayerNames
{
    public static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary><c>LayerNorm</c> → <c>layerNorm</c>.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary><c>layerNorm</c> → <c>LayerNorm</c>.</summary>
    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary><c>decoder1.dense1.weight</c> → <c>decoder1Dense1Weight</c>.</summary>
    public static string Join(string path)
    {
        var parts = path.Split('.');
        return parts[0] + string.Concat(parts.Skip(1).Select(Pascal));
    }

    /// <summary>Returns the class name of a block from its fully qualified metadata name.</summary>
    public static string OfBlock(string key) => key.Substring(key.LastIndexOfAny(['.', '+']) + 1);

    /// <summary>Whether a name is valid in generated code and before the dot of a parameter's name.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0 && IsLetter(name[0]) && name.All(symbol => IsLetter(symbol) || symbol is '_' or (>= '0' and <= '9'));

    /// <summary>Returns a valid name that is similar to the given one: <c>first layer</c> → <c>firstLayer</c>; null if there is none.</summary>
    public static string? ToIdentifier(string name)
    {
        var words = new string([.. name.Select(symbol => IsIdentifier("a" + symbol) ? symbol : ' ')])
            .Split([' '], StringSplitOptions.RemoveEmptyEntries);
        var joined = words.Length == 0 ? "" : words[0] + string.Concat(words.Skip(1).Select(Pascal));
        return IsIdentifier(joined) ? joined : null;
    }

    private static bool IsLetter(char symbol) => symbol is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
