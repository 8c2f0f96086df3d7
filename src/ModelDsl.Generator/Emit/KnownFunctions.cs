using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>The functions that kernels call. A function that differs from one of another kernel only in names is not written again: the kernel calls the other.</summary>
internal sealed class KnownFunctions
{
    private readonly Dictionary<KernelShape, Function> known = [];

    /// <summary>Returns a kernel that calls known functions where it can. Its functions are those that are new.</summary>
    /// <param name="kernel">The kernel. Functions come before those that call them.</param>
    public Kernel Replace(Kernel kernel)
    {
        var replaced = new Dictionary<Function, Function>();
        var added = new List<Function>();
        foreach (var tile in kernel.Tiles)
        {
            var own = tile with { Body = KernelNames.WithFunctions(tile.Body, replaced) };
            var shape = KernelShape.Of(new Kernel("", [], own, Callees.Of(own), new Loops.Range(1)));
            if (!known.TryGetValue(shape, out var first))
            {
                known.Add(shape, first = own);
                added.Add(own);
            }

            replaced.Add(tile, first);
        }

        return kernel with { Main = kernel.Main with { Body = KernelNames.WithFunctions(kernel.Main.Body, replaced) }, Tiles = added };
    }

    /// <summary>Finds the functions that a function calls, and those that they call.</summary>
    private sealed class Callees : LoopWalker
    {
        private readonly List<Function> found = [];

        public static List<Function> Of(Function function)
        {
            var callees = new Callees();
            callees.Walk(function.Body);
            return callees.found;
        }

        public override Nothing Visit(Call statement)
        {
            if (!found.Contains(statement.Function))
            {
                found.Add(statement.Function);
                Walk(statement.Function.Body);
            }

            return base.Visit(statement);
        }
    }
}
