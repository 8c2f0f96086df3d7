using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Splits long sums with small results into partial sums, which are added in order. The number of partial sums is a literal of the kernel and does not depend on the number of
/// threads.
/// </summary>
internal static class SplitSums
{
    /// <summary>A number of tasks that keeps a large machine busy.</summary>
    private const int WantedTasks = 64;

    /// <summary>The greatest number of partial sums, because each needs memory for its result.</summary>
    private const int Most = 16;

    /// <summary>The least number of operations per sample of a sum that is split.</summary>
    private const long SmallestWork = 8192;

    /// <summary>The number of partial sums of a contraction. It is greater than 1 only if the sum runs over the batch and the result has few tiles.</summary>
    public static int Of(ContractRoles roles, Group group, SequencePositions? positions)
    {
        var domain = roles.Domain;
        if (roles.Summed.Count == 0 || !domain[roles.Summed[0]].IsBatch || group.Members.Count > 1) return 1;
        var along = positions?.AxisOf([roles.A, roles.B], domain) ?? -1;
        int Extent(int axis) => axis == along ? positions!.All : domain[axis].Value;
        int Size(IEnumerable<int> axes) => axes.Aggregate(1, (product, axis) => product * Extent(axis));
        var tiles = Size(roles.Outer) * ((Size(roles.Rows) + 11) / 12) * Panels.CountFor(Extent(roles.Column));
        return Of(tiles, along < 0 ? group.Anchor.Flops : positions!.OfAll(group.Anchor.Flops));
    }

    /// <summary>The number of partial sums for a sum with the given number of independent tasks and operations per sample.</summary>
    public static int Of(int tasks, long workPerSample) =>
        workPerSample < SmallestWork ? 1 : Math.Max(1, Math.Min(Most, (WantedTasks + tasks - 1) / tasks));

    /// <summary>Builds a kernel that adds the partial sums in order.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">Its name.</param>
    /// <param name="formula">What it computes.</param>
    /// <param name="partialSums">The buffer of the partial sums, in order.</param>
    /// <param name="floats">The number of floats of a partial sum.</param>
    /// <param name="count">The number of partial sums at this batch size.</param>
    /// <param name="finish">Writes the use of the sums of sixteen columns. Its arguments are the sums, the first column and the number of columns.</param>
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
            // If the last panel of a group has columns in one half only, the other half is not written and is not added.
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
