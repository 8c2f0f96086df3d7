using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
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

    /// <summary>Runs all parts of the plan.</summary>
    /// <param name="kept">Buffers that somebody reads afterwards.</param>
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

        for (var time = 0; time < phases.Length; time++)
        {
            foreach (var storage in first.Where(pair => pair.Value == time).Select(pair => pair.Key)) memory.Poison(storage);
            memory.BeginPhase();
            foreach (var launch in phases[time].Launches) Run(launch);
            foreach (var storage in last.Where(pair => pair.Value == time && !kept.Contains(pair.Key)).Select(pair => pair.Key)) memory.Poison(storage);
        }
    }

    private void Run(Launch launch)
    {
        foreach (var share in Shares(launch.Kernel.Partition))
        {
            memory.BeginTask($"{launch.Kernel.Name}({string.Join(", ", share)})");
            var buffers = launch.Buffers.Select(storage => new LoopCursor(storage, 0)).ToArray();
            Run(launch.Kernel.Main, buffers, [n, .. share, .. launch.Streams]);
        }
    }

    /// <summary>The arguments of every task.</summary>
    private IEnumerable<int[]> Shares(Partition partition)
    {
        var sizes = new LoopValues(memory, bits, Seed, Number) { Integers = { [KernelBuilder.BatchSize] = n } };
        if (partition is Tasks range)
        {
            var count = sizes.Integer(range.Count);
            var step = isCut ? range.Granule : Math.Max(1, count);
            for (var from = 0; from < count; from += step) yield return [from, Math.Min(count, from + step)];
            yield break;
        }

        var grid = (Grid)partition;
        var (rows, panels) = (sizes.Integer(grid.Rows), sizes.Integer(grid.Panels));
        var (height, width) = isCut ? (grid.RowGranule, 1) : (rows, panels);
        for (var row = 0; row < rows; row += height)
        {
            for (var panel = 0; panel < panels; panel += width) yield return [row, Math.Min(rows, row + height), panel, Math.Min(panels, panel + width)];
        }
    }

    private void Run(Function function, LoopCursor[] buffers, int[] integers)
    {
        Assert.Equal(function.Buffers.Count, buffers.Length);
        Assert.Equal(function.Integers.Count, integers.Length);
        var values = new LoopValues(memory, bits, Seed, Number);
        for (var i = 0; i < buffers.Length; i++) values.Cursors.Add(function.Buffers[i].Name, buffers[i]);
        for (var i = 0; i < integers.Length; i++) values.Integers.Add(function.Integers[i], integers[i]);
        Run(function.Body, values);
    }

    private void Run(IReadOnlyList<Statement> body, LoopValues values)
    {
        foreach (var statement in body) Run(statement, values);
    }

    private void Run(Statement statement, LoopValues values)
    {
        switch (statement)
        {
            case Declare declare:
                values.Numbers[declare.Name] = Kept(values, declare.Value, declare.Lanes, null);
                break;
            case Assign assign:
                values.Numbers[assign.Name] = Kept(values, assign.Value, assign.Lanes, values.Numbers[assign.Name]);
                break;
            case StoreLanes store:
                StoreLanes(store, values);
                break;
            case StoreScalar store:
                var place = values.At(store.Buffer, store.Offset);
                memory.Write(place.Storage, place.Position, values.One(store.Value));
                break;
            case DeclareIndex index:
                values.Integers[index.Name] = values.Integer(index.Value);
                break;
            case LoadIndex load:
                var from = values.At(load.Buffer, load.Offset);
                values.Integers[load.Name] = (int)memory.Read(from.Storage, from.Position);
                break;
            case DeclareCursor cursor:
                values.Cursors[cursor.Name] = values.At(cursor.Buffer, cursor.Offset);
                break;
            case Advance advance:
                values.Cursors[advance.Cursor] = values.At(advance.Cursor, advance.By);
                break;
            case Loop loop:
                var (to, step) = (values.Integer(loop.To), values.Integer(loop.Step));
                Require.That(step > 0, $"the loop over {loop.Variable} does not move");
                for (var at = values.Integer(loop.From); at < to; at += step)
                {
                    values.Integers[loop.Variable] = at;
                    Run(loop.Body, values);
                }

                values.Integers.Remove(loop.Variable);
                break;
            case If choice:
                Run(values.Integer(choice.Left) < values.Integer(choice.Right) ? choice.Then : choice.Else, values);
                break;
            case Call call:
                Run(call.Function, [.. call.Cursors.Select(cursor => values.At(cursor.Buffer, cursor.Offset))], [.. call.Integers.Select(values.Integer)]);
                break;
            case TransposeBlock block:
                Transpose(block, values);
                break;
            case Remark:
                break;
            default:
                throw new NotSupportedException(statement.GetType().Name);
        }
    }

    /// <summary>A new value in the registers that a statement computes; in the others the old one, or zero.</summary>
    private static float[] Kept(LoopValues values, Value value, int lanes, float[]? old)
    {
        if (!value.IsVector && old is not { Length: Value.Lanes }) return [values.One(value)];
        var (computed, result) = (values.All(value), new float[Value.Lanes]);
        for (var lane = 0; lane < Value.Lanes; lane++) result[lane] = lane < values.LanesOf(lanes) ? computed[lane] : old?[lane] ?? 0;
        return result;
    }

    private void StoreLanes(StoreLanes store, LoopValues values)
    {
        var (place, count, value) = (values.At(store.Buffer, store.Offset), values.Integer(store.Count), values.All(store.Value));
        for (var lane = 0; lane < Math.Min(count, Value.Lanes); lane++) memory.Write(place.Storage, place.Position + (lane * store.Stride), value[lane]);
    }

    private void Transpose(TransposeBlock block, LoopValues values)
    {
        var (source, target) = (values.At(block.Source, block.SourceOffset), values.At(block.Target, block.TargetOffset));
        var (rows, columns) = (values.Integer(block.Rows), values.Integer(block.Columns));
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < Value.Lanes; column++)
            {
                var value = column < columns ? memory.Read(source.Storage, source.Position + (column * block.SourceStride) + row) : 0;
                memory.Write(target.Storage, target.Position + (row * block.TargetStride) + column, value);
            }
        }
    }
}
