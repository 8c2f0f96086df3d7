using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Long sums with small results are split into a number of partial sums that is a literal of the kernel, never a function of the number of threads, and
/// the partial sums are added in order.
/// </summary>
internal static class SplitSums
{
    /// <summary>Enough tasks to keep a large machine busy.</summary>
    private const int WantedTasks = 64;

    /// <summary>Never more partial sums than this: each costs a partial result.</summary>
    private const int Most = 16;

    /// <summary>Sums that do less work per sample than this are not worth splitting.</summary>
    private const long SmallestWork = 8192;

    /// <summary>The number of partial sums of a contraction's sum: more than one only when it runs over the batch and the result has few tiles.</summary>
    public static int Of(ContractRoles roles, Group group)
    {
        var domain = roles.Domain;
        if (roles.Summed.Count == 0 || !domain[roles.Summed[0]].IsBatch || group.Members.Count > 1) return 1;
        int Size(IEnumerable<int> axes) => axes.Aggregate(1, (product, axis) => product * domain[axis].Value);
        var tiles = Size(roles.Outer) * ((Size(roles.Rows) + 11) / 12) * Panels.CountFor(domain[roles.Column].Value);
        return Of(tiles, roles.Contract.Flops);
    }

    /// <summary>The number of partial sums for a sum with the given number of independent tasks and operations per sample.</summary>
    public static int Of(int tasks, long workPerSample) =>
        workPerSample < SmallestWork ? 1 : Math.Max(1, Math.Min(Most, (WantedTasks + tasks - 1) / tasks));

    /// <summary>A kernel that adds the partial sums in order.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">Its name.</param>
    /// <param name="formula">What it computes.</param>
    /// <param name="partialSums">The partial sums, one after the other.</param>
    /// <param name="floats">Length of a partial sum.</param>
    /// <param name="count">How many there are at this batch size.</param>
    /// <param name="finish">Writes what becomes of the sum of sixteen columns: the sum, the first column, and how many there are.</param>
    public static Launch Combine(
        KernelBuilder kernel, string name, string formula, Storage partialSums, int floats, Index count, Action<List<Statement>, Variable, Index, int> finish)
    {
        var from = kernel.Read(partialSums);
        var (full, rest) = (floats / Value.Lanes, floats % Value.Lanes);
        var tasks = (floats + Value.Lanes - 1) / Value.Lanes;
        var task = new IndexVariable("task");
        Index block = task;
        if (partialSums.Layout is Panels panels && panels.Columns % Panels.Width is > 0 and <= Value.Lanes)
        {
            // Nobody writes that half of a group's last panel in which there are no columns: it stays out of the sum.
            var whole = (panels.GroupCount - 1) * panels.Rows * 2;
            var own = whole + panels.Rows;
            tasks = panels.Groups * own;
            var inGroup = panels.Groups == 1 ? block : block % own;
            var position = inGroup + Index.Max(0, inGroup - whole);
            block = panels.Groups == 1 ? position : position + ((block / own) * (panels.GroupCount * panels.Rows * 2));
        }

        var body = rest == 0 ? Columns(Value.Lanes)
            : full == 0 ? Columns(rest)
            : [new If(Condition.Less(task, full), Columns(Value.Lanes), Columns(rest))];
        return kernel.Build(Names.Method(name), [formula], [new Loop(task, Range.From, Range.To, 1, body)], [], new Range(tasks));

        List<Statement> Columns(int lanes)
        {
            var column = block * Value.Lanes;
            var (sum, partial) = (new Variable(kernel.Names.UniqueValue("sum"), true), new IndexVariable("split"));
            var statements = new List<Statement>
            {
                new Declare(sum, new LoadLanes(from, column, lanes), lanes, Mutable: true),
                new Loop(partial, 1, count, 1,
                [
                    new Assign(sum, new Operation(ScalarOp.Add, [sum, new LoadLanes(from, (partial * floats) + column, lanes)]), lanes),
                ]),
            };
            finish(statements, sum, column, lanes);
            return statements;
        }
    }
}
