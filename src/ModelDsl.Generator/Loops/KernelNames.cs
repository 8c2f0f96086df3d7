namespace ModelDsl.Generator.Loops;

/// <summary>Kernels under other names.</summary>
internal static class KernelNames
{
    /// <summary>A kernel under another name, with its functions, which come before those that call them.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">The name of its method.</param>
    /// <param name="tileName">The names of its functions; null for its own name with the suffixes that they have.</param>
    public static Kernel Renamed(Kernel kernel, string name, Func<Function, string>? tileName = null)
    {
        if (name == kernel.Name && tileName is null) return kernel;
        tileName ??= tile => name + tile.Name.Substring(kernel.Name.Length);
        var renamed = new Dictionary<Function, Function>();
        var renaming = new Renaming(renamed);
        foreach (var tile in kernel.Tiles)
        {
            renamed.Add(tile, tile.Template is null ? tile with { Name = tileName(tile), Body = renaming.Rewrite(tile.Body) } : tile with { Name = tileName(tile) });
        }

        var main = kernel.Main with { Name = name, Body = renaming.Rewrite(kernel.Main.Body) };
        return kernel with { Name = name, Main = main, Tiles = [.. kernel.Tiles.Select(tile => renamed[tile])] };
    }

    /// <summary>Calls the functions that others have become.</summary>
    private sealed class Renaming(Dictionary<Function, Function> functions) : LoopRewriter
    {
        public override Statement Visit(Call statement) => functions.TryGetValue(statement.Function, out var function) ? statement with { Function = function } : statement;
    }
}
