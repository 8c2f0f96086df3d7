using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// The kernels of a model for all register widths. One whose text does not depend on the width is written once. Of the others, which are made of register tiles, each
/// width has its own. Kernels that are the same but for names become one.
/// </summary>
/// <param name="widths">The plans of each width.</param>
/// <param name="writers">For each width, how its own kernels are written.</param>
/// <param name="generic">How kernels for all widths are written; null where each width has its own of all, for compilers that do not optimize.</param>
/// <param name="reserved">What no method can be called: the types and members the programs name.</param>
internal sealed class CpuKernels(IReadOnlyList<WidthPlans> widths, IReadOnlyList<KernelWriter> writers, KernelWriter? generic, IEnumerable<string> reserved)
{
    private readonly Dictionary<string, CpuKernel> shared = [];
    private readonly List<CpuKernel> kernels = [];
    private readonly Dictionary<Kernel, CpuKernel> sharedOf = [];
    private readonly CanonicalText canonical = new();
    private readonly Names methods = new(["forward", "backward", "infer", .. reserved.Select(Names.Camel)]);

    /// <summary>Every kernel once, in the order in which they first run.</summary>
    public IReadOnlyList<CpuKernel> All => kernels;

    /// <summary>What runs in the place of a kernel of the first width.</summary>
    public CpuKernel this[Kernel kernel] => sharedOf[kernel];

    /// <summary>Takes in the kernels of a plan.</summary>
    /// <param name="plan">The plan of a width.</param>
    /// <param name="prefix">What the names of its own kernels begin with.</param>
    /// <param name="cancellation">Checked kernel by kernel.</param>
    public void Add(Func<WidthPlans, GraphPlan> plan, string prefix, CancellationToken cancellation)
    {
        var launches = widths.Select(width => WidthPlans.Launches(plan(width))).ToArray();
        for (var at = 0; at < launches[0].Count; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            Add([.. launches.Select(width => width[at].Kernel)], prefix);
        }
    }

    private void Add(IReadOnlyList<Kernel> variants, string prefix)
    {
        var first = variants[0];
        var text = Write(variants);
        var key = Canonical(first, text);
        if (!shared.TryGetValue(key, out var known))
        {
            var name = Names.Method(methods.Unique(prefix + first.Name));
            known = name == first.Name ? text : Write([.. variants.Select(kernel => SharedKernels.Renamed(kernel, name))]);
            shared.Add(key, known);
            kernels.Add(known);
        }
        else if (known.Kernel.Name != first.Name && !known.AlsoFor.Contains(first.Name))
        {
            known.AlsoFor.Add(first.Name);
        }

        sharedOf[first] = known;
    }

    private CpuKernel Write(IReadOnlyList<Kernel> variants)
    {
        if (generic is not null && variants.All(kernel => kernel.Tiles.Count == 0 && kernel.Partition is Loops.Range))
        {
            var texts = variants.Select(kernel => generic.Method(kernel.Main)).ToArray();
            if (texts.Select(text => text.ToString()).Distinct().Count() == 1) return new CpuKernel(variants, texts[0], []);
        }

        return new CpuKernel(variants, null, [.. variants.Zip(writers, (kernel, writer) => writer.Overrides(kernel))]);
    }

    /// <summary>The kernel's text with every name of its own replaced by the order in which names appear.</summary>
    private string Canonical(Kernel kernel, CpuKernel written)
    {
        var own = new HashSet<string>(written.Variants.SelectMany(variant => variant.Tiles).Select(tile => tile.Name)) { kernel.Name };
        return canonical.Of(string.Join("\n", written.Texts), own.Contains);
    }
}

/// <summary>A kernel and what else it is run for.</summary>
/// <param name="Variants">The kernel of each width.</param>
/// <param name="Generic">The method for all widths; null where each has its own.</param>
/// <param name="Own">The methods of each width: the one that is run, and those it calls.</param>
internal sealed record CpuKernel(IReadOnlyList<Kernel> Variants, CodeWriter? Generic, IReadOnlyList<IReadOnlyList<CodeWriter>> Own)
{
    /// <summary>The kernel of the first width.</summary>
    public Kernel Kernel => Variants[0];

    /// <summary>Other kernels in whose place it runs.</summary>
    public List<string> AlsoFor { get; } = [];

    /// <summary>All text.</summary>
    public IEnumerable<CodeWriter> Texts => Generic is null ? Own.SelectMany(methods => methods) : [Generic];

    /// <summary>Writes what stands in the program for all widths: the kernel, or the method that each width overrides.</summary>
    public void WriteCommon(CodeWriter writer)
    {
        writer.Line();
        writer.Summary(Kernel.Formula);
        if (AlsoFor.Count > 0) writer.Line($"/// <remarks>Also run for {Comments.Xml(string.Join(", ", AlsoFor))}.</remarks>");
        if (Generic is not null) writer.Block(Generic);
        else writer.Line($"protected abstract void {KernelWriter.Signature(Kernel)};");
    }

    /// <summary>Writes what stands in the program of a width.</summary>
    /// <param name="writer">Where it is written.</param>
    /// <param name="width">The number of the width.</param>
    public void WriteOwn(CodeWriter writer, int width)
    {
        if (Generic is not null) return;
        writer.Line();
        writer.Summary(Kernel.Formula);
        writer.Block(Own[width][0]);
        for (var i = 1; i < Own[width].Count; i++)
        {
            writer.Line();
            writer.Summary([Variants[width].Tiles[i - 1].Remark]);
            writer.Block(Own[width][i]);
        }
    }
}
