using ModelDsl.Generator.Common;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Writes the sizes of tiles as types: a structure for each set of sizes, which is a type argument of methods with sizes as variables.</summary>
/// <param name="unique">Makes the name of a type unique.</param>
internal sealed class TileSizesText(Func<string, string> unique)
{
    /// <summary>The interface of all sets.</summary>
    public const string Interface = "ITileSizes";

    /// <summary>The type parameter of a method for its sizes.</summary>
    public const string TypeParameter = "TSizes";

    private readonly Dictionary<EquatableArray<(string Name, int Value)>, (string Name, List<string> Kernels)> types = [];
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);

    /// <summary>The type of the sizes of a kernel's tiles.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="tiles">Its tiles. A size with the same name has the same value in all of them.</param>
    public string Of(string kernel, IEnumerable<FunctionTemplate> tiles)
    {
        var sizes = tiles.SelectMany(tile => tile.AllSizes).Select(size => (size.Variable.Name, size.Value)).Distinct().OrderBy(size => size.Name, StringComparer.Ordinal).ToEquatableArray();
        if (!types.TryGetValue(sizes, out var known))
        {
            types.Add(sizes, known = (unique(kernel + "Sizes"), []));
            foreach (var (name, _) in sizes) names.Add(name);
        }

        if (!known.Kernels.Contains(kernel)) known.Kernels.Add(kernel);
        return known.Name;
    }

    /// <summary>Divides tiles, in order, into few sets such that a size with the same name has the same value in all tiles of a set.</summary>
    public static IReadOnlyList<IReadOnlyList<FunctionTemplate>> Apart(IEnumerable<FunctionTemplate> tiles)
    {
        var sets = new List<(Dictionary<string, int> Sizes, List<FunctionTemplate> Tiles)>();
        foreach (var tile in tiles)
        {
            var fitting = sets.FindIndex(set => tile.AllSizes.All(size => !set.Sizes.TryGetValue(size.Variable.Name, out var known) || known == size.Value));
            if (fitting < 0) sets.Add(([], []));
            var (sizes, members) = sets[fitting < 0 ? sets.Count - 1 : fitting];
            foreach (var size in tile.AllSizes) sizes[size.Variable.Name] = size.Value;
            members.Add(tile);
        }

        return [.. sets.Select(set => set.Tiles)];
    }

    /// <summary>Writes the types.</summary>
    public void Write(CodeWriter writer)
    {
        if (types.Count == 0) return;
        writer.Line();
        writer.Summary(["The sizes of a kernel's register tiles: extents of the loops of a sum, and how far rows, panels, operands and results lie apart, in floats."]);
        using (writer.Block($"protected interface {Interface}"))
        {
            foreach (var name in names) writer.Line($"static virtual int {name} => 0;");
        }

        foreach (var pair in types)
        {
            writer.Line();
            writer.Summary([$"The tiles of {string.Join(", ", pair.Value.Kernels)}."]);
            using (writer.Block($"protected readonly struct {pair.Value.Name} : {Interface}"))
            {
                foreach (var (name, value) in pair.Key.Where(size => size.Value != 0)) writer.Line($"public static int {name} => {Literals.Int(value)};");
            }
        }
    }
}
