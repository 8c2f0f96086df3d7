using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A sum or maximum over leading axes and windows. If the last axis is kept, the lanes run along it, and each column is a sum of its own. If it is summed, sixteen virtual lanes
/// accumulate the terms and are combined by the fixed tree. Long sums are split into a fixed number of partial sums.
/// </summary>
internal sealed class SumSchedule
{
    /// <summary>The number of columns that are summed in one pass.</summary>
    private const int BlockWidth = 4 * Value.Lanes;

    /// <summary>The names that its statements use.</summary>
    private static readonly string[] Reserved =
        [.. Enumerable.Range(0, 16).SelectMany(axis => new[] { $"outer{axis}", $"inner{axis}", $"first{axis}", $"taps{axis}", $"lowest{axis}" })];

    private readonly StorageMap storages;
    private readonly ReduceNode reduce;
    private readonly KernelBuilder kernel = new(Reserved);
    private readonly SumLoops loops;
    private readonly SumResults results;
    private readonly Storage? partialSums;
    private readonly IndexVariable column = new("column");

    private SumSchedule(StorageMap storages, Group group, SequencePositions? positions)
    {
        this.storages = storages;
        reduce = (ReduceNode)group.Anchor;
        loops = new SumLoops(reduce, storages, kernel, BlockWidth, positions);
        results = new SumResults(group, storages);
        if (loops.Partials > 1)
        {
            partialSums = storages.Scratch(reduce, "Partials", Space.Fixed, Strided.RowMajor(reduce.Shape), loops.Partials * reduce.Shape.Length);
        }
    }

    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group, SequencePositions? positions = null)
    {
        var schedule = new SumSchedule(storages, group, positions);
        var main = schedule.BuildMain();
        if (schedule.partialSums is null) return [main];
        var combine = new KernelBuilder();
        var name = schedule.results.Name;
        return
        [
            main,
            SplitSums.Combine(
                combine, name + "Sum", $"{name} = the sum of at most {schedule.loops.Partials} partial sums, in order", schedule.partialSums,
                schedule.reduce.Shape.Length, schedule.loops.PartialCount,
                (statements, sum, column, lanes) => schedule.results.Write(combine, statements, sum, column, lanes)),
        ];
    }

    private Launch BuildMain()
    {
        var body = new List<Statement>();
        var task = new IndexVariable("task");
        Index block = task;
        if (loops.Partials > 1)
        {
            body.Add(new DeclareIndex(loops.Partial, block % loops.PartialCount));
            block /= loops.PartialCount;
        }

        Index tasks;
        if (loops.IsAlongKept)
        {
            var blocks = Index.CeilingDivide(loops.Width, BlockWidth);
            tasks = loops.DeclareKept(body, block, blocks);
            body.Add(new DeclareIndex(column, block % blocks * BlockWidth));
            AlongKept(body, loops.Width);
        }
        else
        {
            tasks = loops.DeclareKept(body, block, 1);
            AlongSummed(body);
        }

        var main = new Loop(task, Range.From, Range.To, 1, body);
        return kernel.Build(Names.Method(results.Name), results.Formula, [main], [], new Range(tasks * loops.PartialCount));
    }

    private void AlongKept(List<Statement> body, int columns)
    {
        if (columns % BlockWidth == 0 || columns < BlockWidth)
        {
            body.AddRange(Block(Math.Min(columns, BlockWidth)));
            return;
        }

        // The last block may be narrower.
        var full = columns / BlockWidth * BlockWidth;
        body.Add(new If(Condition.Less(column, full), Block(BlockWidth), Block(columns - full)));
    }

    /// <summary>Writes the sums of some columns over all rows of the partial sum.</summary>
    private List<Statement> Block(int columns)
    {
        var statements = new List<Statement>();
        var sums = new List<(Variable Sum, int Start, int Count)>();
        for (var start = 0; start < columns; start += Value.Lanes)
        {
            var count = Math.Min(Value.Lanes, columns - start);
            sums.Add((DeclareSum(statements, count), start, count));
        }

        var inner = new List<Statement>();
        foreach (var (sum, start, count) in sums) inner.Add(Accumulate(inner, sum, column + start, count, isMasked: false));
        statements.Add(loops.Around(inner, loops.Summed.Count));
        foreach (var (sum, start, count) in sums) Finish(statements, Result(statements, sum, count), column + start, count);
        return statements;
    }

    /// <summary>Writes a sum whose lanes run along the last axis.</summary>
    private void AlongSummed(List<Statement> body)
    {
        var sum = DeclareSum(body, Value.Lanes);
        var (from, to) = loops.Bounds(loops.Summed.Count - 1);
        var (whole, i) = (new IndexVariable(kernel.Names.Unique("whole")), new IndexVariable("i"));
        var inner = new List<Statement>
        {
            new DeclareIndex(whole, from + ((to - from) / Value.Lanes * Value.Lanes)),
            new Loop(i, from, whole, Value.Lanes, Terms(Value.Lanes)),
            new Loop(i, whole, to, Value.Lanes, Terms(to - i)),
        };
        body.AddRange(loops.Summed.Count == 1 ? inner : [loops.Around(inner, loops.Summed.Count - 1)]);
        var total = new Variable(kernel.Names.UniqueValue(reduce.Name), false);
        body.Add(new Declare(total, ReductionSteps.Result(reduce.Op, new ReduceLanes(ReductionSteps.Across(reduce.Op), sum))));
        Finish(body, total, 0, 1);

        List<Statement> Terms(Index count)
        {
            var statements = new List<Statement>();
            statements.Add(Accumulate(statements, sum, i, count, isMasked: true));
            return statements;
        }
    }

    /// <summary>The result of columns whose terms have all been added.</summary>
    private Variable Result(List<Statement> statements, Variable sum, int lanes)
    {
        if (ReductionSteps.Result(reduce.Op, sum) is Variable same) return same;
        var result = new Variable(kernel.Names.UniqueValue("first"), true);
        statements.Add(new Declare(result, ReductionSteps.Result(reduce.Op, sum), lanes));
        return result;
    }

    private Variable DeclareSum(List<Statement> statements, int lanes)
    {
        var sum = new Variable(kernel.Names.UniqueValue("sum"), true);
        statements.Add(new Declare(sum, new Broadcast(new Number(ReductionSteps.Start(reduce.Op))), lanes, Mutable: true));
        return sum;
    }

    /// <summary>Adds the terms at a position to the lanes. Columns that do not exist are never stored, so only terms are masked.</summary>
    private Assign Accumulate(List<Statement> statements, Variable sum, Index position, Index count, bool isMasked)
    {
        var lanes = isMasked ? Value.Lanes : count.Literal!.Value;
        var writer = new StageWriter(statements, kernel.Names);
        var context = new StageContext(operand => loops.Load(operand, position, count), axis => loops.IndexAlong(axis, position));
        var value = writer.Evaluate(ReductionSteps.Term(reduce), reduce.Operands, reduce.Name, context, lanes);
        return Reductions.Accumulate(reduce.Op, sum, value, isMasked ? count : Value.Lanes) with { Lanes = lanes };
    }

    /// <summary>Stores a partial sum, or finishes the sum with the group's stages and results.</summary>
    private void Finish(List<Statement> statements, Variable sum, Index column, int lanes)
    {
        var position = loops.ResultPosition(column);
        if (partialSums is null)
        {
            results.Write(kernel, statements, sum, position, lanes);
            return;
        }

        var at = (loops.Partial * reduce.Shape.Length) + position;
        var buffer = kernel.Write(partialSums);
        statements.Add(sum.IsVector ? new StoreLanes(buffer, at, sum, lanes) : new StoreScalar(buffer, at, sum));
    }
}
