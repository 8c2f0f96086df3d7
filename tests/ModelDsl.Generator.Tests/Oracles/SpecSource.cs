using System.Globalization;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Writes specs as the C# a user would have written.</summary>
internal static class SpecSource
{
    // In their order; everything else is written Name = value.
    private static readonly HashSet<string> Positional =
    [
        "shape", "length", "vocabulary", "units", "width", "rate", "merge", "count", "function", "filters", "kernel", "factor", "heads", "hidden",
    ];

    public static string Write(ModelSpec model)
    {
        // Blocks are nested, so that the functions they name are in scope.
        var blocks = model.Blocks.Select(block => $"    [Block{Attributes(block.Layers)}]\n    private sealed partial class {block.Name};\n");
        var functions = OwnFunctions.All.Select(function => $"    {function.Source}\n");
        return $"[Model]\n{string.Concat(model.Layers.Select(layer => $"[{Attribute(layer)}]\n"))}public sealed partial class {model.Type.Name}\n{{\n" +
            string.Join("\n", blocks.Concat(functions)) + "}\n";
    }

    private static string Attributes(IEnumerable<LayerSpec> layers) => string.Concat(layers.Select(layer => ", " + Attribute(layer)));

    private static string Attribute(LayerSpec layer)
    {
        var blocks = layer.Blocks.Count == 0 ? "" : $"<{string.Join(", ", layer.Blocks)}>";
        var arguments = layer.Arguments
            .OrderBy(argument => !IsPositional(layer, argument))
            .Select(argument => IsPositional(layer, argument)
                ? Value(argument)
                : $"{char.ToUpperInvariant(argument.Name[0])}{argument.Name[1..]} = {Value(argument)}")
            .ToList();
        return layer.Kind + blocks + (arguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})");
    }

    private static bool IsPositional(LayerSpec layer, ArgumentSpec argument) => argument.Name switch
    {
        "groups" => layer.Kind == "GroupNorm",
        "padding" => layer.Kind == "Pad",
        "name" => layer.Kind == "Output",
        "window" => layer.Kind.Contains("Pool", StringComparison.Ordinal),
        _ => Positional.Contains(argument.Name),
    };

    private static string Value(ArgumentSpec argument) => argument.Value switch
    {
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        double.NaN => "double.NaN",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        FunctionSpec function => $"nameof({function.Name})",
        EquatableArray<int> numbers => string.Join(", ", numbers),
        string word when argument.Name == "merge" => $"Merge.{word}",
        string word when argument.Name == "padding" => $"Padding.{word}",
        string word when argument.Name == "interpolation" => $"Interpolation.{word}",
        string word when argument.Name == "target" => $"Target.{word}",
        string word when argument.Name.EndsWith("nitializer", StringComparison.Ordinal) => $"Init.{word}",
        string word => $"\"{word}\"",
        _ => throw new NotSupportedException(argument.Name),
    };
}
