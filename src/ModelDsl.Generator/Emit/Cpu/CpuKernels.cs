using ModelDsl.Generator.Common;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// The kernels of a model for all register widths. A kernel that does not depend on the width is written once. For the others, which consist of register tiles, there is one
/// kernel for each width. Kernels that differ only in names become one.
/// </summary>
/// <param name="widths">The plans of each width.</param>
/// <param name="writers">For each width, the writer of its own kernels.</param>
/// <param name="registers">For each width, the writer of functions on one register.</param>
/// <param name="generic">The writer of kernels for all widths; null if each width has all kernels, for compilers that do not optimize.</param>
/// <param name="reserved">Names that no method may have: the types and members that the program uses.</param>
internal sealed class CpuKernels(IReadOnlyList<WidthPlans> widths, IReadOnlyList<KernelWriter> writers, IReadOnlyList<KernelWriter> registers, KernelWriter? generic, IEnumerable<string> reserved)
{
    private readonly Dictionary<EquatableArray<(KernelShape Shape, Partition? Own)>, CpuKernel> shared = [];
    private readonly Func<Kernel, KernelShape> shapeOf = KernelShape.Once();
    private readonly List<CpuKernel> kernels = [];
    private readonly Dictionary<Kernel, CpuKernel> sharedOf = [];
    private readonly Dictionary<Kernel, int> factorOf = [];

    // The plans of sessions and buckets compute for some positions what others compute for all. Only there do kernels differ only in the factor of the batch size.
    private readonly bool dividesBatch = widths[0].Decoding.Count > 0 || widths[0].Buckets.Count > 0;
    private readonly Names methods = new([
        "forward", "backward", "infer", "decode", "decodeChunk", "decodeOne",
        .. widths[0].Buckets.Count == 0 ? [] : widths[0].Buckets.Select(StepMethods.NameOf).Append(StepMethods.AllPositions).SelectMany(name => new[] { "forward" + name, "backward" + name, "infer" + name }),
        .. reserved.Select(Names.Camel)]);
    private TileSizesText? sizes;
    private SharedFunctions? functions;
    private Finishes? finishes;
    private IReadOnlyList<Epilogues>? epilogues;

    /// <summary>The sizes of tiles, for all widths.</summary>
    public TileSizesText Sizes => sizes ??= new TileSizesText(Unique);

    /// <summary>The functions of kernels that are the same for every width; null if each width has all kernels.</summary>
    public SharedFunctions? Functions => functions ??= generic is null ? null : new SharedFunctions(generic, Unique);

    /// <summary>The methods of epilogues for stored sums; null if each width has all kernels.</summary>
    public Finishes? Finishes => finishes ??= generic is null ? null : new Finishes(generic, Unique);

    /// <summary>The epilogues of each width; none if each width has all kernels.</summary>
    public IReadOnlyList<Epilogues> Epilogues => epilogues ??= Finishes is { } shared ? [.. registers.Select(writer => new Epilogues(writer, shared, Unique))] : [];

    /// <summary>The tiles of each width.</summary>
    public IReadOnlyList<SharedTiles> Tiles { get; } = [.. writers.Select(writer => new SharedTiles(writer))];

    /// <summary>Every kernel once, in the order in which they first run.</summary>
    public IReadOnlyList<CpuKernel> All => kernels;

    /// <summary>The kernel that replaces a kernel of the first width.</summary>
    public CpuKernel this[Kernel kernel] => sharedOf[kernel];

    /// <summary>The factor of the batch size in launches of a kernel of the first width.</summary>
    public int BatchFactor(Kernel kernel) => factorOf[kernel];

    /// <summary>Adds the kernels of a plan.</summary>
    /// <param name="plan">The plan of a width.</param>
    /// <param name="prefix">The prefix of the names of its kernels.</param>
    /// <param name="cancellation">Checked before each kernel.</param>
    public void Add(Func<WidthPlans, GraphPlan> plan, string prefix, CancellationToken cancellation) => Add(width => WidthPlans.Launches(plan(width)), prefix, cancellation);

    /// <summary>Adds the kernels of launches.</summary>
    /// <param name="launchesOf">The launches of a width, equally many for each.</param>
    /// <param name="prefix">The prefix of the names of their kernels.</param>
    /// <param name="cancellation">Checked before each kernel.</param>
    public void Add(Func<WidthPlans, IReadOnlyList<Launch>> launchesOf, string prefix, CancellationToken cancellation)
    {
        var launches = widths.Select(launchesOf).ToArray();
        for (var at = 0; at < launches[0].Count; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            Add([.. launches.Select(width => width[at].Kernel)], prefix);
        }
    }

    private string Unique(string wanted) => Names.Method(methods.Unique(wanted));

    private void Add(IReadOnlyList<Kernel> variants, string prefix)
    {
        var first = variants[0];
        var factor = dividesBatch ? variants.Select(BatchScale.Of).Aggregate(0, BatchScale.Common) : 1;
        factorOf[first] = factor;
        variants = [.. variants.Select(kernel => BatchScale.Divided(kernel, factor))];
        var shapes = variants.Select(shapeOf).ToArray();
        var isGeneric = generic is not null && variants.All(kernel => kernel.Tiles.Count == 0 && kernel.Partition is Loops.Range) && shapes.Distinct().Count() == 1;

        // Kernels of one width divide the work themselves; for other kernels, their callers do.
        var key = shapes.Zip(variants, (shape, kernel) => (shape, isGeneric ? null : kernel.Partition)).ToEquatableArray();
        if (!shared.TryGetValue(key, out var known))
        {
            var name = Names.Method(methods.Unique(prefix + first.Name));
            known = Write([.. variants.Select(kernel => KernelNames.Renamed(kernel.InOwnNames(), name))], isGeneric);
            shared.Add(key, known);
            kernels.Add(known);
        }
        else if (known.Kernel.Name != first.Name && !known.AlsoFor.Contains(first.Name))
        {
            known.AlsoFor.Add(first.Name);
        }

        sharedOf[first] = known;
    }

    private CpuKernel Write(IReadOnlyList<Kernel> variants, bool isGeneric) => isGeneric
        ? new CpuKernel(variants, generic!.Method(variants[0].Main), [])
        : new CpuKernel(variants, null, generic is null ? [.. variants.Select(WithTiles)] : WithSharedTiles(variants));

    private List<WrittenFunction> WithTiles(Kernel kernel, int width) =>
        [new(writers[width].Override(kernel), []), .. kernel.Tiles.Select(tile => new WrittenFunction(writers[width].Method(tile), [tile.Remark]))];

    /// <summary>The kernel of each width. It calls methods with sizes as variables, which other kernels call too.</summary>
    private List<IReadOnlyList<WrittenFunction>> WithSharedTiles(IReadOnlyList<Kernel> variants)
    {
        // Most sizes are the same for all widths, and widths with the same sizes share the types.
        var templates = variants.Select(kernel => TileSizesText.Apart(kernel.Tiles.Select(tile => tile.Template).OfType<FunctionTemplate>())).ToArray();
        var agree = templates.All(sets => sets.Count == templates[0].Count)
            && Enumerable.Range(0, templates[0].Count).All(number => TileSizesText.Apart(templates.SelectMany(sets => sets[number])).Count == 1);
        Function? Named(Kernel kernel, string name) => kernel.Tiles.FirstOrDefault(tile => tile.Name == name);
        var common = variants[0].Tiles.Where(tile => SharedFunctions.AreEqual([.. variants.Select(kernel => Named(kernel, tile.Name))])).ToDictionary(tile => tile.Name, tile => Functions!.Of(tile, variants[0].Name));
        return [.. variants.Select((kernel, width) =>
        {
            var types = new Dictionary<FunctionTemplate, string>();
            for (var number = 0; number < templates[width].Count; number++)
            {
                var type = Sizes.Of(kernel.Name, agree ? templates.SelectMany(sets => sets[number]) : templates[width][number]);
                foreach (var tile in templates[width][number]) types[tile] = type;
            }

            var shared = KernelNames.Renamed(kernel, kernel.Name, tile => tile.Template is { } template ? Instance(template, kernel.Name, tile.Name, types[template], width) : common.TryGetValue(tile.Name, out var known) ? known : tile.Name);
            var own = shared.Tiles.Where(tile => tile.Template is null && !common.ContainsValue(tile.Name)).Select(tile => new WrittenFunction(writers[width].Method(tile), [tile.Remark]));
            return (IReadOnlyList<WrittenFunction>)[new(writers[width].Override(shared), []), .. own];
        })];
    }

    /// <summary>A tile as the instance of a method with sizes as variables.</summary>
    private string Instance(FunctionTemplate tile, string kernel, string name, string sizes, int width)
    {
        var suffix = name.Substring(name.LastIndexOf("Tile", StringComparison.Ordinal) + 4);
        if (tile.Epilogue is not { } epilogue) return $"{Tiles[width].Of(tile, kernel, suffix, null)}<{sizes}>";
        return $"{Tiles[width].Of(tile, kernel, suffix, Epilogues[width].Interface(epilogue))}<{sizes}, {Epilogues[width].Of(epilogue, kernel)}>";
    }
}

/// <summary>A kernel and the other kernels that it replaces.</summary>
/// <param name="Variants">The kernel of each width.</param>
/// <param name="Generic">The method for all widths; null if each width has its own.</param>
/// <param name="Own">The methods of each width: the one that is called by the step, and those that only it calls.</param>
internal sealed record CpuKernel(IReadOnlyList<Kernel> Variants, CodeWriter? Generic, IReadOnlyList<IReadOnlyList<WrittenFunction>> Own)
{
    /// <summary>The kernel of the first width.</summary>
    public Kernel Kernel => Variants[0];

    /// <summary>The other kernels that it replaces.</summary>
    public List<string> AlsoFor { get; } = [];

    /// <summary>Writes the part in the program for all widths: the kernel, or the method that each width overrides.</summary>
    public void WriteCommon(CodeWriter writer)
    {
        writer.Line();
        writer.Summary(Kernel.Formula);
        if (AlsoFor.Count > 0) writer.Line($"/// <remarks>Also run for {Comments.Xml(string.Join(", ", AlsoFor))}.</remarks>");
        if (Generic is not null) writer.Block(Generic);
        else writer.Line($"protected abstract void {KernelWriter.Signature(Kernel)};");
    }

    /// <summary>Writes the part in the program of a width.</summary>
    /// <param name="writer">The writer of the program.</param>
    /// <param name="width">The number of the width.</param>
    public void WriteOwn(CodeWriter writer, int width)
    {
        if (Generic is not null) return;
        foreach (var function in Own[width])
        {
            writer.Line();
            if (function.Summary.Count > 0) writer.Summary(function.Summary);
            else writer.Line("/// <inheritdoc/>");
            writer.Block(function.Method);
        }
    }
}

/// <summary>A method and its summary.</summary>
/// <param name="Method">The method.</param>
/// <param name="Summary">The lines of its summary; empty if it is inherited.</param>
internal sealed record WrittenFunction(CodeWriter Method, IReadOnlyList<string> Summary);
