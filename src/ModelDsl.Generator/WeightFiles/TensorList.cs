using System.Globalization;

namespace ModelDsl.Generator.WeightFiles;

/// <summary>The tensors of a weights file, from the text that lists them: one line for each, with its name, its type and its sizes, separated by tabs.</summary>
/// <param name="Tensors">The tensors.</param>
/// <param name="Mistake">What is wrong with the text; null if it is correct.</param>
internal sealed record TensorList(IReadOnlyList<ListedTensor> Tensors, string? Mistake = null)
{
    /// <summary>What follows the name of the weights file in the name of the text.</summary>
    public const string Suffix = ".txt";

    private const char Separator = '\t';

    /// <summary>Reads a text. Empty lines, and lines that begin with <c>#</c> and have no tabs, are ignored.</summary>
    public static TensorList Parse(string text)
    {
        var tensors = new List<ListedTensor>();
        var names = new HashSet<string>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || (line[0] == '#' && line.IndexOf(Separator) < 0)) continue;
            var parts = line.Split(Separator);
            if (parts.Length != 3 || parts[0].Length == 0 || parts[1].Length == 0 || Sizes(parts[2]) is not { } shape)
            {
                return Wrong(i, "is not a name, a type and sizes such as '512,256', separated by tabs");
            }

            if (!names.Add(parts[0])) return Wrong(i, $"has the name '{parts[0]}' again");
            tensors.Add(new(parts[0], parts[1], shape));
        }

        return new(tensors);
    }

    private static TensorList Wrong(int line, string what) => new([], $"line {(line + 1).ToString(CultureInfo.InvariantCulture)} {what}");

    private static long[]? Sizes(string text)
    {
        if (text.Length == 0) return [];
        var sizes = new List<long>();
        foreach (var part in text.Split(','))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return null;
            sizes.Add(size);
        }

        return [.. sizes];
    }
}

/// <summary>A tensor of a weights file.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Type">The element type as in the file, such as <c>F32</c>.</param>
/// <param name="Shape">The sizes of its axes.</param>
internal sealed record ListedTensor(string Name, string Type, IReadOnlyList<long> Shape)
{
    /// <summary>Whether the values can be read as floats.</summary>
    public bool IsFloat => Type is "F32" or "F64" or "F16" or "BF16";

    /// <summary>Whether the values are 64-bit integers, the type of PyTorch's counters, which are not loaded.</summary>
    public bool IsCounter => Type == "I64";

    /// <summary>The shape as in messages.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
