using ModelDsl.Benchmarks.Gpu.Ptx;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>The loop of a kernel in which most instructions are executed, without the loops in it. A kernel without loops is one iteration.</summary>
/// <param name="Instructions">The instructions of an iteration by their kind.</param>
internal sealed record InnerLoop(IReadOnlyDictionary<InstructionKind, double> Instructions)
{
    /// <summary>Finds the loop.</summary>
    /// <param name="code">The kernel.</param>
    /// <param name="executed">How often each instruction is executed.</param>
    /// <param name="threads">The number of threads.</param>
    public static InnerLoop Of(KernelCode code, IReadOnlyList<double> executed, double threads)
    {
        // The text between a label and the last branch back to it. Branches also lead back to code that ILGPU placed before a loop or outside of it, but they are executed less often than the branch that repeats the loop.
        var loops = Loops(code.Program);
        var owners = Enumerable.Range(0, executed.Count).Select(at => loops.Where(loop => loop.Start <= at && at <= loop.End).OrderByDescending(loop => loop.Branches.Max(branch => executed[branch])).ThenBy(static loop => loop.End - loop.Start).FirstOrDefault()).ToArray();
        var hottest = Enumerable.Range(0, executed.Count).Where(at => InstructionKinds.IsIssued(code.Kinds[at])).GroupBy(at => owners[at]).MaxBy(group => group.Sum(at => executed[at]))?.Key;
        var iterations = hottest is null ? threads : hottest.Branches.Max(at => executed[at]);
        return new(Enumerable.Range(0, executed.Count).Where(at => owners[at] == hottest).GroupBy(at => code.Kinds[at])
            .ToDictionary(static group => group.Key, group => group.Sum(at => executed[at]) / Math.Max(1, iterations)));
    }

    /// <summary>The number of instructions of some kinds in an iteration.</summary>
    public double Count(params ReadOnlySpan<InstructionKind> kinds)
    {
        var sum = 0.0;
        foreach (var kind in kinds)
            sum += Instructions.GetValueOrDefault(kind);
        return sum;
    }

    private static IReadOnlyList<Loop> Loops(PtxProgram program) =>
        [.. from at in Enumerable.Range(0, program.Instructions.Count)
            where program.Instructions[at].Operation.StartsWith("bra", StringComparison.Ordinal)
            let start = program.Labels[program.Instructions[at].Operands[0]]
            where start <= at
            group at by start into branches
            select new Loop(branches.Key, branches.Max(), [.. branches])];

    private sealed record Loop(int Start, int End, IReadOnlyList<int> Branches);
}
