using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Gpu;
using Buffer = ModelDsl.Generator.Loops.Buffer;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Indices of kernels for GPUs are computed before the loops in which they do not change.</summary>
public class HoistedIndicesTests
{
    private static readonly Buffer Y = new("y");

    private static readonly IndexVariable K = new("k");

    [Fact]
    public void What_does_not_change_in_a_loop_is_computed_before_it() => Assert.Equal(
        ["let origin = group * 64 + thread", "for k from 0 below 8 step 1 y[origin + k * 256 + 3] := 0"],
        Hoisted(new Loop(K, 0, 8, 1, [Store((ThreadGroups.Group * 64) + (K * 256) + ThreadGroups.Thread + 3)])));

    [Fact]
    public void A_quotient_is_computed_once() => Assert.Equal(
        ["let quotient = thread / 3", "y[quotient] := 0", "let remainder = thread - (quotient * 3)", "y[remainder + quotient] := 0"],
        Hoisted(Store(ThreadGroups.Thread / 3), Store((ThreadGroups.Thread % 3) + (ThreadGroups.Thread / 3))));

    [Fact]
    public void A_quotient_that_changes_in_a_loop_stays_in_it() => Assert.Equal(
        ["for k from 0 below 8 step 1 let quotient = (thread + k) / 4 y[quotient] := 0"],
        Hoisted(new Loop(K, 0, 8, 1, [Store((ThreadGroups.Thread + K) / 4)])));

    /// <summary>The dividend is negative where the condition does not hold.</summary>
    [Fact]
    public void A_quotient_behind_a_condition_stays_there_if_its_dividend_may_be_negative()
    {
        var guarded = new If([Condition.Less(-1, ThreadGroups.Thread - K)], [Store((ThreadGroups.Thread - K) / 2)]);
        Assert.Equal(["for k from 0 below 8 step 1 if -1 < thread - k y[(thread - k) / 2] := 0"], Hoisted(new Loop(K, 0, 8, 1, [guarded])));
    }

    [Fact]
    public void A_declared_quotient_is_the_name_of_all_equal_ones()
    {
        var row = new IndexVariable("row");
        Assert.Equal(["let row = thread / 4", "y[row] := 0", "y[row + 1] := 0"], Hoisted(new DeclareIndex(row, ThreadGroups.Thread / 4), Store(row), Store((ThreadGroups.Thread / 4) + 1)));
    }

    private static StoreScalar Store(Index offset) => new(Y, offset, new Number(0));

    private static string[] Hoisted(params Statement[] body)
    {
        var launch = new KernelBuilder().Build("kernel", [], body, [], new ThreadGroups(4, 64));
        return [.. HoistedIndices.In(launch).Kernel.Main.Body.Select(statement => string.Join(" ", statement.ToString().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)))];
    }
}
