using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit;

/// <summary>Finds kernels that differ only in names. They become one method.</summary>
/// <param name="methodsOf">Returns the methods of a kernel in the language of the target, without documentation: the one that is launched, and those that it calls.</param>
/// <param name="reserved">Names that no method may have: the types and members that the program uses.</param>
internal sealed class SharedKernels(Func<Kernel, IReadOnlyList<CodeWriter>> methodsOf, IEnumerable<string> reserved)
{
    private readonly Func<Kernel, KernelShape> shapeOf = KernelShape.Once();
    private readonly KnownFunctions functions = new();
    private readonly Dictionary<KernelShape, SharedKernel> shared = [];
    private readonly List<SharedKernel> kernels = [];
    private readonly Dictionary<Kernel, SharedKernel> sharedOf = [];
    private readonly Names methods = new(["forward", "backward", "infer", .. reserved.Select(Names.Camel)]);

    /// <summary>Every kernel once, in the order in which they first run.</summary>
    public IReadOnlyList<SharedKernel> All => kernels;

    /// <summary>The kernel that replaces another.</summary>
    public Kernel this[Kernel kernel] => sharedOf[kernel].Kernel;

    /// <summary>Adds the kernels of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="prefix">The prefix of the names of its kernels.</param>
    /// <param name="cancellation">Checked before each kernel.</param>
    public void Add(GraphPlan plan, string prefix, CancellationToken cancellation)
    {
        foreach (var kernel in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Select(launch => launch.Kernel))
        {
            cancellation.ThrowIfCancellationRequested();
            var shape = shapeOf(kernel);
            if (!shared.TryGetValue(shape, out var known))
            {
                var renamed = functions.Replace(KernelNames.Renamed(kernel.InOwnNames(), Names.Method(methods.Unique(prefix + kernel.Name))));
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

/// <summary>A kernel, its methods without those that another kernel has, and the other kernels that it replaces.</summary>
internal sealed record SharedKernel(Kernel Kernel, IReadOnlyList<CodeWriter> Methods)
{
    public List<string> AlsoFor { get; } = [];

    /// <summary>Writes the methods with their documentation.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="attribute">An attribute of the method that is launched; null for none.</param>
    public void Write(CodeWriter writer, string? attribute)
    {
        writer.Line();
        writer.Summary(Kernel.Formula);
        if (AlsoFor.Count > 0) writer.Line($"/// <remarks>Also run for {Comments.Xml(string.Join(", ", AlsoFor))}.</remarks>");
        if (attribute is not null) writer.Line($"[{attribute}]");
        writer.Block(Methods[0]);
        for (var i = 1; i < Methods.Count; i++)
        {
            writer.Line();
            writer.Summary([Kernel.Tiles[i - 1].Remark]);
            writer.Block(Methods[i]);
        }
    }
}
