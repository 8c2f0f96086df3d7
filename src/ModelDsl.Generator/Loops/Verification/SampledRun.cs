using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Verification;

/// <summary>
/// Evaluates the integers of a kernel for one batch size, in some of its tasks and in the first and last iteration of each loop. A mistake that is found here occurs in every
/// run: an access outside its buffer, or an element that two tasks write. Accesses that depend on integers read from memory are not checked.
/// </summary>
internal sealed class SampledRun
{
    /// <summary>The greatest number of mistakes that are reported.</summary>
    private const int Most = 3;

    private readonly Launch launch;
    private readonly int n;
    private readonly Dictionary<(Storage Storage, int Position), int> writers = [];
    private readonly List<string> mistakes = [];
    private string task = "";
    private int taskNumber;

    public SampledRun(Launch launch, int n) => (this.launch, this.n) = (launch, n);

    /// <summary>The certain mistakes.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var sizes = new Dictionary<IndexVariable, int?> { [KernelBuilder.BatchSize] = n };
        foreach (var share in Shares(sizes))
        {
            taskNumber++;
            task = string.Concat(share.Select(bound => $", {bound.Key.Name} = {bound.Value}"));
            var main = launch.Kernel.Main;
            var run = new FunctionRun(this);
            run.Integers[KernelBuilder.BatchSize] = n;
            foreach (var bound in share) run.Integers[bound.Key] = bound.Value;
            for (var i = 0; i < launch.Streams.Count; i++) run.Integers[main.Integers[main.Integers.Count - launch.Streams.Count + i]] = launch.Streams[i];
            for (var i = 0; i < main.Buffers.Count; i++) run.Buffers[main.Buffers[i].Buffer] = new Cursor(launch.Buffers[i], Length(launch.Buffers[i]), 1, 0);
            run.Run(main.Body);
            if (mistakes.Count >= Most) break;
        }

        return mistakes;
    }

    /// <summary>Checks an access of the current task.</summary>
    public void Access(Cursor cursor, int? position, bool isWritten)
    {
        if (position is not { } at || mistakes.Count >= Most) return;
        if (at < 0 || at >= cursor.Length)
        {
            mistakes.Add($"{launch.Kernel.Name}: an access is at {at} of {cursor.Storage?.Name ?? "shared memory"}, which has {cursor.Length} elements (n = {n}{task})");
        }
        else if (isWritten && cursor.Storage is { Space: not Space.Worker } storage)
        {
            if (!writers.TryGetValue((storage, at), out var writer)) writers.Add((storage, at), taskNumber);
            else if (writer != taskNumber) mistakes.Add($"{launch.Kernel.Name}: two tasks write {storage.Name}[{at}] (n = {n}{task})");
        }
    }

    private int Length(Storage storage) => storage.Space is Space.Batched or Space.Column ? checked(storage.Length * n) : storage.Length;

    private IEnumerable<Dictionary<IndexVariable, int>> Shares(Dictionary<IndexVariable, int?> sizes)
    {
        int Size(Index index) => IndexValue.Of(index, sizes) ?? throw new InvalidOperationException($"The size {index} depends on more than the batch.");
        switch (launch.Kernel.Partition)
        {
            case ThreadGroups groups:
                var count = Size(groups.Groups);
                foreach (var group in Samples(count, 1).Concat(Ends(launch.Kernel.Main.Body).SelectMany(end => new[] { Size(end) - 1, Size(end) })).Where(group => group >= 0 && group < count).Distinct())
                {
                    foreach (var thread in Samples(groups.Threads, 1)) yield return new() { [ThreadGroups.Group] = group, [ThreadGroups.Thread] = thread };
                }

                break;
            case Range range:
                var tasks = Size(range.Count);
                foreach (var from in Samples(tasks, range.Alignment))
                {
                    yield return new() { [Range.From] = from, [Range.To] = Math.Min(tasks, from + range.Alignment) };
                }

                break;
            case Grid grid:
                var (rows, panels) = (Size(grid.Rows), Size(grid.Panels));
                foreach (var row in Samples(rows, grid.RowAlignment))
                {
                    foreach (var panel in Samples(panels, 1))
                    {
                        yield return new()
                        {
                            [Grid.RowFrom] = row,
                            [Grid.RowTo] = Math.Min(rows, row + grid.RowAlignment),
                            [Grid.PanelFrom] = panel,
                            [Grid.PanelTo] = panel + 1,
                        };
                    }
                }

                break;
        }
    }

    /// <summary>The ends of the parts of a joint kernel: the numbers with which the number of the group is compared.</summary>
    private static IEnumerable<Index> Ends(IReadOnlyList<Statement> body) =>
        body.Count > 0 && body[body.Count - 1] is If { Conditions: { Count: 1 } conditions } choice && conditions[0].Left == ThreadGroups.Group ? Ends(choice.Else).Prepend(conditions[0].Right) : [];

    /// <summary>The first two of a number of tasks, one in the middle, and the last two.</summary>
    private static IEnumerable<int> Samples(int count, int alignment)
    {
        var tasks = (count + alignment - 1) / alignment;
        return new[] { 0, 1, tasks / 2, tasks - 2, tasks - 1 }.Where(number => number >= 0 && number < tasks).Distinct().Select(number => number * alignment);
    }
}

/// <summary>A position in a buffer, or in shared memory if there is no storage, to which the offsets of accesses are added.</summary>
/// <param name="Storage">The buffer.</param>
/// <param name="Length">Its length in floats.</param>
/// <param name="Size">The number of floats of an element.</param>
/// <param name="Position">The position in floats; null if it depends on values read from memory.</param>
internal sealed record Cursor(Storage? Storage, int Length, int Size, int? Position)
{
    public int? At(int? offset) => Position + (offset * Size);
}
