using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit;

/// <summary>Finds kernels that are the same but for names: they become one method.</summary>
/// <param name="methodsOf">A kernel's methods in the target's language, undocumented: the one that is run, and those it calls.</param>
/// <param name="reserved">What no method can be called: the types and members the program names.</param>
internal sealed class SharedKernels(Func<Kernel, IReadOnlyList<CodeWriter>> methodsOf, IEnumerable<string> reserved)
{
    private readonly Func<Kernel, KernelShape> shapeOf = KernelShape.Once();
    private readonly Dictionary<KernelShape, SharedKernel> shared = [];
    private readonly List<SharedKernel> kernels = [];
    private readonly Dictionary<Kernel, SharedKernel> sharedOf = [];
    private readonly Names methods = new(["forward", "backward", "infer", .. reserved.Select(Names.Camel)]);

    /// <summary>Every kernel once, in the order in which they first run.</summary>
    public IReadOnlyList<SharedKernel> All => kernels;

    /// <summary>The kernel that runs instead of another.</summary>
    public Kernel this[Kernel kernel] => sharedOf[kernel].Kernel;

    /// <summary>Takes in the kernels of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="prefix">What the names of its own kernels begin with.</param>
    /// <param name="cancellation">Checked kernel by kernel.</param>
    public void Add(GraphPlan plan, string prefix, CancellationToken cancellation)
    {
        foreach (var kernel in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Select(launch => launch.Kernel))
        {
            cancellation.ThrowIfCancellationRequested();
            var shape = shapeOf(kernel);
            if (!shared.TryGetValue(shape, out var known))
            {
                var renamed = KernelNames.Renamed(kernel.InOwnNames(), Names.Method(methods.Unique(prefix + kernel.Name)));
                known = new SharedKernel(renamed, methodsOf(renamed));
                shared.Add(shape, known);
                kernels.Add(known);
            }
            else if (known.Kernel.Name != kernel.Name && !known.AlsoFor.Contains(kernel.Name))
            {
                known.AlsoFor.Add(kernel.Name);
            }

            sharedOf[kernel] = known;
        }
    }
}

/// <summary>A kernel, its methods, and what else it is run for.</summary>
internal sealed record SharedKernel(Kernel Kernel, IReadOnlyList<CodeWriter> Methods)
{
    public List<string> AlsoFor { get; } = [];

    /// <summary>Writes the methods with their documentation.</summary>
    public void Write(CodeWriter writer)
    {
        writer.Line();
        writer.Summary(Kernel.Formula);
        if (AlsoFor.Count > 0) writer.Line($"/// <remarks>Also run for {Comments.Xml(string.Join(", ", AlsoFor))}.</remarks>");
        writer.Block(Methods[0]);
        for (var i = 1; i < Methods.Count; i++)
        {
            writer.Line();
            writer.Summary([Kernel.Tiles[i - 1].Remark]);
            writer.Block(Methods[i]);
        }
    }
}
