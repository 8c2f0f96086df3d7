using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Harness;
using Tasks = ModelDsl.Generator.Loops.Range;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// Runs a plan from its loop programs, without the text made of them: phase by phase, every kernel cut into the smallest tasks its partition allows,
/// or into one. Buffers are poisoned where their lives begin and end.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="memory">Its memory, with parameters and columns.</param>
/// <param name="bits">The register width of the target.</param>
/// <param name="n">Samples.</param>
/// <param name="isCut">Whether kernels are cut into tasks.</param>
internal sealed class LoopInterpreter(GraphPlan plan, LoopMemory memory, int bits, int n, bool isCut)
{
    public const ulong Seed = 11;
    public const uint Number = 5;

    private readonly Dictionary<(Partition, int From), int> tasks = [];

    /// <summary>Runs all parts of the plan.</summary>
    /// <param name="kept">Buffers that are read afterwards.</param>
    public void Run(IReadOnlyCollection<Storage> kept)
    {
        var phases = plan.Parts.SelectMany(part => part.Phases).ToArray();
        var (first, last) = (new Dictionary<Storage, int>(), new Dictionary<Storage, int>());
        for (var time = 0; time < phases.Length; time++)
        {
            foreach (var storage in phases[time].Launches.SelectMany(launch => launch.Buffers).Where(storage => storage.Space is Space.Batched or Space.Fixed))
            {
                first.TryAdd(storage, time);
                last[storage] = time;
            }
        }

        // The memory of an operand that is overwritten in place is in use without interruption.
        var inPlace = plan.InPlace().ToArray();
        foreach (var result in inPlace.Select(pair => pair.Result)) first.Remove(result);
        foreach (var operand in inPlace.Select(pair => pair.Operand)) last.Remove(operand);
        memory.BeginPhase();

        // Equal copies have one buffer, and are made once.
        foreach (var copy in plan.Copies.DistinctBy(launch => launch.Buffers.Single(storage => storage.Space == Space.ParameterCopies).ByteOffset)) this.Run(copy, 0, n);
        for (var time = 0; time < phases.Length; time++)
        {
            if (phases[time].Loop is not { } loop)
            {
                Run(phases[time], time, isFirst: true, isLast: true, 0, n);
                continue;
            }

            // The phases of a loop run for one block of rows after the other.
            var end = Array.FindLastIndex(phases, phase => phase.Loop == loop);
            var count = new LoopValues(memory, bits, Seed, Number) { Integers = { [KernelBuilder.BatchSize] = n } }.Integer(loop.Rows);
            for (var row = 0; row < count; row += loop.BlockRows)
            {
                for (var inner = time; inner <= end; inner++) Run(phases[inner], inner, row == 0, row + loop.BlockRows >= count, row, Math.Min(loop.BlockRows, count - row));
            }

            time = end;
        }

        void Run(Phase phase, int time, bool isFirst, bool isLast, int row, int size)
        {
            foreach (var storage in first.Where(pair => isFirst && pair.Value == time).Select(pair => pair.Key)) memory.Poison(storage);
            memory.BeginPhase();
            tasks.Clear();
            foreach (var launch in phase.Launches) this.Run(launch, row, size);
            foreach (var storage in last.Where(pair => isLast && pair.Value == time && !kept.Contains(pair.Key)).Select(pair => pair.Key)) memory.Poison(storage);
        }
    }

    /// <summary>Whether the device has tensor cores; only devices with groups of threads may.</summary>
    public bool HasTensorCores { get; init; }

    /// <summary>Whether the device runs joint kernels whose parts have barriers, as CUDA does.</summary>
    public bool JoinsKernels { get; init; } = true;

    /// <summary>The batch size that selects launches for small or large batches; null for the number of samples. Both compute everything.</summary>
    public int? Batch { get; init; }

    private bool Runs(LaunchCase when) =>
        (when.TensorCores ?? HasTensorCores) == HasTensorCores && (when.JoinsKernels ?? JoinsKernels) == JoinsKernels && (Batch ?? n) >= when.From && (when.Below is null || (Batch ?? n) < when.Below);

    private void Run(Launch launch, int row, int size)
    {
        if (launch.Kernel.Partition is ThreadGroups groups)
        {
            var count = new LoopValues(memory, bits, Seed, Number) { Integers = { [KernelBuilder.BatchSize] = size } }.Integer(groups.Groups);
            for (var group = 0; group < count && Runs(launch.When); group++) LoopGroup.Run(memory, launch, group, groups.Threads, size);
            return;
        }

        foreach (var share in Shares(launch.Kernel.Partition, size))
        {
            // A worker has the same share of all kernels of a phase that have the same tasks.
            var name = $"{launch.Kernel.Name}({string.Join(", ", share)})";
            var worker = (launch.Kernel.Partition, share[0]);
            if (launch.Kernel.Partition is not Tasks) memory.BeginTask(name);
            else if (tasks.TryGetValue(worker, out var task)) memory.ContinueTask(name, task);
            else tasks.Add(worker, memory.BeginTask(name));
            var buffers = launch.Buffers.Select((storage, number) => new LoopCursor(storage, launch.Loop is null ? 0 : row * launch.RowStrides[number])).ToArray();
            new LoopWorker(memory, bits, Seed, Number).Run(launch.Kernel.Main, buffers, [size, .. share, .. launch.Streams]);
        }
    }

    /// <summary>The arguments of every task.</summary>
    private IEnumerable<int[]> Shares(Partition partition, int size)
    {
        var sizes = new LoopValues(memory, bits, Seed, Number) { Integers = { [KernelBuilder.BatchSize] = size } };
        if (partition is Tasks range)
        {
            var count = sizes.Integer(range.Count);
            var step = isCut ? range.Alignment : Math.Max(1, count);
            for (var from = 0; from < count; from += step) yield return [from, Math.Min(count, from + step)];
            yield break;
        }

        var grid = (Grid)partition;
        var (rows, panels) = (sizes.Integer(grid.Rows), sizes.Integer(grid.Panels));
        var (height, width) = isCut ? (grid.RowAlignment, 1) : (rows, panels);
        for (var row = 0; row < rows; row += height)
        {
            for (var panel = 0; panel < panels; panel += width) yield return [row, Math.Min(rows, row + height), panel, Math.Min(panels, panel + width)];
        }
    }
}
