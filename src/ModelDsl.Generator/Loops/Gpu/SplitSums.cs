using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Long sums with few results. They are split into partial sums, whose number is a literal of the kernel, and a second kernel adds these in order.</summary>
internal static class SplitSums
{
    /// <summary>A number of groups that keeps a device busy.</summary>
    public const int WantedGroups = 128;

    /// <summary>The greatest number of partial sums.</summary>
    private const int Most = 16;

    /// <summary>The number of partial sums, if the results alone fill the given number of groups.</summary>
    public static int For(int groups) => Math.Max(1, Math.Min(Most, (WantedGroups + groups - 1) / groups));

    /// <summary>Builds a kernel that adds the partial sums in order, one result per thread.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="formula">What it computes, one line for each step.</param>
    /// <param name="partialSums">The buffer of the partial sums, in order.</param>
    /// <param name="count">The number of partial sums.</param>
    /// <param name="floats">The distance between two partial sums.</param>
    /// <param name="results">The number of results.</param>
    /// <param name="position">The offset of a result in its partial sum.</param>
    /// <param name="finish">Writes the use of the sum.</param>
    public static Launch Combine(
        string name, IReadOnlyList<string> formula, Storage partialSums, int count, Index floats, Index results, Func<Names, List<Statement>, Index, Index> position,
        Action<KernelBuilder, List<Statement>, Variable, Index> finish)
    {
        var kernel = new KernelBuilder();
        var from = kernel.Read(partialSums);
        var (element, partial) = (new IndexVariable(kernel.Names.Unique("element")), new IndexVariable("split"));
        var sum = new Variable(kernel.Names.UniqueValue("sum"), false);
        var body = new List<Statement>();
        var at = position(kernel.Names, body, element);
        body.Add(new Declare(sum, new LoadScalar(from, at), Mutable: true));
        body.Add(new Loop(partial, 1, count, 1,
            [new Assign(sum, new Operation(ScalarOp.Add, [sum, new LoadScalar(from, (partial * floats) + at)]))]));
        finish(kernel, body, sum, element);
        return kernel.Build(
            name,
            [.. formula, $"Groups of {GpuSchedule.Threads} threads, one result each."],
            [
                new DeclareIndex(element, (ThreadGroups.Group * GpuSchedule.Threads) + ThreadGroups.Thread),
                new If([Condition.Less(element, results)], body),
            ],
            [],
            new ThreadGroups(Index.CeilingDivide(results, GpuSchedule.Threads), GpuSchedule.Threads));
    }
}
