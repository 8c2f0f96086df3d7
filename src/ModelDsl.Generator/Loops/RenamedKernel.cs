namespace ModelDsl.Generator.Loops;

/// <summary>Kernels under other names.</summary>
internal static class RenamedKernel
{
    /// <summary>A kernel under another name, with its tiles.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">The name of its method.</param>
    /// <param name="tileName">The names of its tiles; null for its own name with the suffixes that they have.</param>
    public static Kernel Of(Kernel kernel, string name, Func<Function, string>? tileName = null)
    {
        if (name == kernel.Name && tileName is null) return kernel;
        tileName ??= tile => name + tile.Name.Substring(kernel.Name.Length);

        // What a tile calls stands before it.
        var tiles = new Dictionary<Function, Function>();
        var renaming = new Renaming(tiles);
        foreach (var tile in kernel.Tiles) tiles.Add(tile, tile with { Name = tileName(tile), Body = tile.Template is null ? renaming.Rewrite(tile.Body) : tile.Body });
        var main = kernel.Main with { Name = name, Body = renaming.Rewrite(kernel.Main.Body) };
        return kernel with { Name = name, Main = main, Tiles = [.. kernel.Tiles.Select(tile => tiles[tile])] };
    }

    /// <summary>Calls the functions that others have become.</summary>
    private sealed class Renaming(Dictionary<Function, Function> functions) : LoopRewriter
    {
        public override Statement Visit(Call statement) => statement with { Function = functions[statement.Function] };
    }
}
