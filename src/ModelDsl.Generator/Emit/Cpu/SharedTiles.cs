using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>The register tiles of a width. Kernels whose tiles differ only in sizes share them.</summary>
/// <param name="writer">The writer of the methods.</param>
internal sealed class SharedTiles(KernelWriter writer)
{
    private readonly Dictionary<(KernelShape Shape, string Sizes, string Epilogue), SharedMethod> tiles = [];
    private readonly Names names = new();

    /// <summary>The method that a tile is an instance of.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="kernel">The kernel that calls it.</param>
    /// <param name="suffix">The suffix of the tile's name: its shape.</param>
    /// <param name="epilogue">The interface of its epilogue; null if there is none.</param>
    public string Of(FunctionTemplate tile, string kernel, string suffix, string? epilogue)
    {
        var key = tile.Key;
        if (!tiles.TryGetValue(key, out var known))
        {
            var unique = names.Unique("Tile" + suffix);
            var name = "T" + unique.Substring(1);
            tiles.Add(key, known = new SharedMethod(name, tile.Function.Remark, writer.Method(tile, name, epilogue)));
        }

        return known.For(kernel);
    }

    /// <summary>Writes the tiles.</summary>
    public void Write(CodeWriter target)
    {
        foreach (var tile in tiles.Values) tile.Write(target);
    }
}
