using System.Text.RegularExpressions;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit;

/// <summary>Finds kernels that are the same but for names: they become one method.</summary>
/// <param name="textOf">A kernel's text in the target's language.</param>
internal sealed class SharedKernels(Func<Kernel, string> textOf)
{
    private readonly Dictionary<string, SharedKernel> shared = [];
    private readonly List<SharedKernel> kernels = [];
    private readonly Dictionary<Kernel, SharedKernel> sharedOf = [];
    private readonly Names methods = new("forward", "backward", "infer");

    /// <summary>Every kernel once, in the order in which they first run.</summary>
    public IReadOnlyList<SharedKernel> All => kernels;

    /// <summary>The kernel that runs in the place of another.</summary>
    public Kernel this[Kernel kernel] => sharedOf[kernel].Kernel;

    /// <summary>Takes in the kernels of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="prefix">What the names of its own kernels begin with.</param>
    public void Add(GraphPlan plan, string prefix)
    {
        foreach (var kernel in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Select(launch => launch.Kernel))
        {
            var key = Canonical(kernel);
            if (!shared.TryGetValue(key, out var known))
            {
                var name = Names.Pascal(methods.Unique(prefix + kernel.Name));
                known = new SharedKernel(Renamed(kernel, name));
                shared.Add(key, known);
                kernels.Add(known);
            }
            else if (known.Kernel.Name != kernel.Name && !known.AlsoFor.Contains(kernel.Name))
            {
                known.AlsoFor.Add(kernel.Name);
            }

            sharedOf[kernel] = known;
        }
    }

    private static Kernel Renamed(Kernel kernel, string name)
    {
        if (name == kernel.Name) return kernel;
        var tiles = kernel.Tiles.ToDictionary(tile => tile, tile => tile with { Name = name + tile.Name.Substring(kernel.Name.Length) });
        return kernel with { Name = name, Main = kernel.Main with { Name = name, Body = Rename(kernel.Main.Body) }, Tiles = [.. kernel.Tiles.Select(tile => tiles[tile])] };

        IReadOnlyList<Statement> Rename(IReadOnlyList<Statement> body) => [.. body.Select(statement => statement switch
        {
            Loop loop => loop with { Body = Rename(loop.Body) },
            If choice => choice with { Then = Rename(choice.Then), Else = Rename(choice.Else) },
            Guard guard => guard with { Body = Rename(guard.Body) },
            Call call => call with { Function = tiles[call.Function] },
            _ => statement,
        })];
    }

    /// <summary>The kernel's text with every name of its own replaced by the order in which names appear.</summary>
    private string Canonical(Kernel kernel)
    {
        var text = textOf(kernel with { Formula = [""], Tiles = [.. kernel.Tiles.Select(tile => tile with { Remark = "" })] });
        var numbers = new Dictionary<string, string>();
        var own = new HashSet<string>(kernel.Tiles.Select(tile => tile.Name)) { kernel.Name };
        return Regex.Replace(text, @"[A-Za-z_]\w*", match =>
        {
            var name = match.Value;
            if ((char.IsUpper(name[0]) && !own.Contains(name)) || Names.Keywords.Contains(name) || name == "var") return name;
            if (!numbers.TryGetValue(name, out var number)) numbers[name] = number = $"${numbers.Count}";
            return number;
        });
    }
}

/// <summary>A kernel and what else it is run for.</summary>
internal sealed record SharedKernel(Kernel Kernel)
{
    public List<string> AlsoFor { get; } = [];
}
