namespace ModelDsl.Generator.Loops;

/// <summary>Renames kernels.</summary>
internal static class KernelNames
{
    /// <summary>Renames a kernel and its functions. Functions come before those that call them.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">The new name of its method.</param>
    /// <param name="tileName">The new names of its functions; null for the name of the kernel with their present suffixes.</param>
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

    /// <summary>Replaces functions that statements call.</summary>
    /// <param name="body">The statements.</param>
    /// <param name="functions">The functions that are replaced, and by which.</param>
    public static IReadOnlyList<Statement> WithFunctions(IReadOnlyList<Statement> body, Dictionary<Function, Function> functions) => new Renaming(functions).Rewrite(body);

    /// <summary>Replaces calls of functions.</summary>
    private sealed class Renaming(Dictionary<Function, Function> functions) : LoopRewriter
    {
        public override Statement Visit(Call statement) => functions.TryGetValue(statement.Function, out var function) ? statement with { Function = function } : statement;
    }
}
