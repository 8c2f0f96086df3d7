using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// A loop over time as one kernel. The kernels of a step become functions that are called in sequence in a loop over the steps. Each worker has its own samples, so no step waits
/// for other workers. Values that are the same in all steps are computed before the loop.
/// </summary>
internal sealed class ScanSchedule
{
    private readonly IndexVariable time = new("t");
    private readonly IndexVariable samples = new("samples");
    private readonly StorageMap storages;
    private readonly ScanNode scan;
    private readonly Group group;
    private readonly string name;
    private readonly ScanBuffers buffers;
    private readonly KernelBuilder kernel = new("t", "samples");
    private readonly Names steps = new();
    private readonly List<Function> functions = [];
    private readonly List<Launch> before = [];
    private readonly HashSet<Storage> constant = [];

    private ScanSchedule(StorageMap storages, Group group)
    {
        (this.storages, this.group, scan) = (storages, group, (ScanNode)group.Anchor);
        name = Names.Method(scan.Name);
        buffers = new ScanBuffers(storages, group);
    }

    /// <summary>The kernels of a loop.</summary>
    /// <param name="storages">The buffers of the values outside the loop.</param>
    /// <param name="group">The loop.</param>
    /// <param name="schedule">Schedules a body for the target.</param>
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group, Func<FusedGraph, StorageMap, IReadOnlyList<(int Part, Launch Launch)>> schedule) =>
        new ScanSchedule(storages, group).Build(schedule);

    private List<Launch> Build(Func<FusedGraph, StorageMap, IReadOnlyList<(int Part, Launch Launch)>> schedule)
    {
        Index position = scan.IsReversed ? (Index)(scan.Steps - 1) - time : time;
        var (body, given, starts) = (group.Body!, new Dictionary<Node, Storage>(), new List<Statement>());
        var count = scan.Body.Carried.Count;
        for (var i = 0; i < scan.Body.Values.Count; i++)
        {
            var (value, operand) = (scan.Body.Values[i], scan.Operands[i].Node);
            if (i < count)
            {
                var (copy, storage) = Start(value, operand, out var start);
                var first = new Dictionary<Node, Storage> { [copy.Anchor] = buffers.Of(new(ScanResultKind.History, i), scan.First) };
                if (storage is not null) first.Add(start!, storage);
                var graph = new FusedGraph(new ModelGraph([new Root(RootKind.Step, "start", copy.Anchor)]), [copy]);
                starts.AddRange(schedule(graph, storages.OfBody(graph, first)).Select(pair => CallOf(pair.Launch)));
            }

            given[value] = i < count ? buffers.Of(new(ScanResultKind.History, i), position + scan.Before)
                : i < count + scan.Body.Sequences.Count ? buffers.Element(operand, position)
                : buffers.Whole(operand);
        }

        for (var i = 0; i < body.Graph.Roots.Count; i++)
        {
            given[body.Graph.Roots[i].Value] = i < count
                ? buffers.Of(new(ScanResultKind.History, i), position + scan.After)
                : buffers.Of(new(ScanResultKind.Output, i - count), position);
        }

        var step = new List<Statement>();
        foreach (var (_, launch) in schedule(body, storages.OfBody(body, given)))
        {
            if (IsConstant(launch)) before.Add(launch with { Buffers = [.. launch.Buffers.Select(buffers.Outside)] });
            else step.Add(CallOf(launch));
        }

        Statement[] statements = [new DeclareIndex(samples, Range.To - Range.From), .. starts, new Loop(time, 0, scan.Steps, 1, step)];
        return [.. before, kernel.Build(name, Formula(), statements, functions, new Range(KernelBuilder.BatchSize))];
    }

    /// <summary>The group that writes the start of a carried value, and the buffer that it reads; null for a literal.</summary>
    private (Group Copy, Storage? Read) Start(LoopValueNode value, Node operand, out LoopValueNode? start)
    {
        start = operand is MapNode { Operands.Count: 0, Body: Constant } ? null : new LoopValueNode(value.Name, value.Shape);
        var copy = start is null ? new MapNode(value.Name, value.Shape, ((MapNode)operand).Body) : new MapNode(value.Name, value.Shape, Expressions.Input(0), Operand.Whole(start));
        return (new Group(GroupKind.Row, group.Part, copy) { Stored = [copy] }, start is null ? null : buffers.Whole(operand));
    }

    /// <summary>Whether a kernel of a step computes the same in all steps, for all samples.</summary>
    private bool IsConstant(Launch launch)
    {
        if (!launch.Uses.All(use => use.IsWritten ? use.Storage.Space == Space.Fixed && !buffers.IsGiven(use.Storage) : constant.Contains(use.Storage) || buffers.IsSame(use.Storage))) return false;
        constant.UnionWith(launch.Written);
        return true;
    }

    /// <summary>Converts a kernel of a step, or of the start, to a function that is called for the samples of a worker.</summary>
    private Call CallOf(Launch launch)
    {
        var step = launch.Kernel.InOwnNames();
        var own = step.Name.StartsWith(name, StringComparison.Ordinal) ? step.Name.Substring(name.Length) : step.Name;
        var called = KernelNames.Renamed(step, name + Names.Method(steps.Unique($"Step{own}")));
        if (launch.Streams.Count > 0) throw new InvalidGraphException($"'{launch.Kernel.Name}' draws random numbers in a step");
        if (launch.Buffers.Zip(called.Main.Buffers, (storage, parameter) => parameter.Written && storage.Space != Space.Batched).Any(isShared => isShared))
        {
            throw new InvalidGraphException($"'{launch.Kernel.Name}' writes in a step what samples share");
        }

        functions.AddRange(called.Tiles);
        functions.Add(called.Main with { Remark = string.Join(" ", step.Formula) });
        return new Call(
            functions[functions.Count - 1],
            [.. launch.Buffers.Zip(called.Main.Buffers, (storage, parameter) => buffers.Argument(kernel, storage, parameter.Written))],
            [samples, .. Bounds(launch.Kernel.Partition)]);
    }

    /// <summary>The bounds of all tasks of a kernel for the samples of a worker.</summary>
    private IEnumerable<Index> Bounds(Partition partition) => partition switch
    {
        Range range => [0, range.Count.With(KernelBuilder.BatchSize, samples)],
        Grid grid => [0, grid.Rows.With(KernelBuilder.BatchSize, samples), 0, grid.Panels.With(KernelBuilder.BatchSize, samples)],
        _ => throw new InvalidGraphException($"'{scan.Name}' has a step for groups of threads"),
    };

    private List<string> Formula() =>
    [
        $"for t = {(scan.IsReversed ? $"{scan.Steps - 1} … 0" : $"0 … {scan.Steps - 1}")}:",
        .. group.Body!.Groups.SelectMany(Formulas.Of).Select(line => "    " + line),
    ];
}
