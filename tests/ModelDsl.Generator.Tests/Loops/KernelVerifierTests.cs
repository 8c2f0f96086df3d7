using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using Buffer = ModelDsl.Generator.Loops.Buffer;
using Tasks = ModelDsl.Generator.Loops.Range;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>The verifier finds no mistake in what the schedules write, and each that is made on purpose.</summary>
public class KernelVerifierTests
{
    private const int Length = 40;

    private readonly Storage storage = new("y", Space.Fixed, new Strided([1]), Length);
    private readonly Buffer y = new("y");
    private readonly IndexVariable row = new("row");
    private readonly IndexVariable k = new("k");
    private readonly Variable sum = new("sum", false);

    public static TheoryData<int> Shares => ModelCorpus.ShareIndices;

    [Theory]
    [MemberData(nameof(Shares))]
    public void Kernels_are_right(int share) => ModelCorpus.Check(ModelCorpus.Share(share), Verify);

    [Fact]
    public void A_kernel_without_mistakes_has_none() => AssertRight(new Loop(row, Tasks.From, Tasks.To, 1, [Store(row)]));

    [Fact]
    public void A_symbol_that_nothing_declares() => AssertWrong("'k' is used where nothing has declared it", new Loop(row, Tasks.From, Tasks.To, 1, [Store(row + k)]));

    [Fact]
    public void A_symbol_that_is_declared_within_where_it_is_known() =>
        AssertWrong("'row' is declared where it is known already", new Loop(row, Tasks.From, Tasks.To, 1, [new Loop(row, 0, 2, 1, [Store(row)])]));

    [Fact]
    public void A_symbol_that_is_used_behind_its_block() =>
        AssertWrong("'row' is used where nothing has declared it", new Loop(row, Tasks.From, Tasks.To, 1, [Store(row)]), Store(row));

    [Fact]
    public void A_value_that_is_assigned_but_does_not_change() =>
        AssertWrong("'sum' is assigned, but does not change", new Declare(sum, new Number(0)), new Assign(sum, new Number(1)));

    [Fact]
    public void A_vector_that_is_stored_as_a_number() => AssertWrong("stores a vector as a number", new StoreScalar(y, 0, new LaneIndex(0)));

    [Fact]
    public void A_barrier_on_a_CPU() => AssertWrong("a barrier is for groups of threads", new GroupBarrier());

    [Fact]
    public void A_barrier_that_not_all_threads_come_to()
    {
        var wrong = new If([Condition.Less(ThreadGroups.Thread, 3)], [new GroupBarrier()]);
        var right = new If([Condition.Less(ThreadGroups.Group, 3)], [new GroupBarrier()]);
        Assert.Contains("some threads of the group may skip it", Assert.Single(KernelVerifier.Mistakes(Launch(new ThreadGroups(4, 32), wrong))), StringComparison.Ordinal);
        Assert.Empty(KernelVerifier.Mistakes(Launch(new ThreadGroups(4, 32), right)));
    }

    [Fact]
    public void A_choice_inside_a_sum() => AssertWrong("a choice stands inside a sum", Sum(new If([Condition.Less(k, 3)], [Store(row)])));

    [Fact]
    public void A_division_inside_a_sum() => AssertWrong("a division stands inside a sum", Sum(Store(k / 3)));

    [Fact]
    public void An_access_behind_the_end_of_a_buffer() => AssertWrong("is at 40 of y, which has 40 elements", new Loop(row, Tasks.From, Tasks.To, 1, [Store(row + 1)]));

    [Fact]
    public void An_access_before_the_start_of_a_buffer() => AssertWrong("is at -1 of y", new Loop(row, Tasks.From, Tasks.To, 1, [Store(row - 1)]));

    [Fact]
    public void Lanes_behind_the_end_of_a_buffer() =>
        AssertWrong("is at 41 of y", new StoreLanes(y, 26, new Broadcast(new Number(0)), 16));

    [Fact]
    public void An_element_that_two_tasks_write() => AssertWrong("two tasks write y[0]", new Loop(row, Tasks.From, Tasks.To, 1, [Store(row / 2)]));

    [Fact]
    public void A_cursor_that_moves_too_far()
    {
        var cursor = new Buffer("cursor");
        Statement[] body = [new DeclareCursor(cursor, y, 0), new Loop(k, 0, Length, 1, [new StoreScalar(cursor, 0, new Number(0)), new Advance(cursor, 1)])];
        Assert.Empty(KernelVerifier.Mistakes(Launch(new Tasks(1), body)));
        var found = KernelVerifier.Mistakes(Launch(new Tasks(1), [.. body, new StoreScalar(cursor, 0, new Number(0))]));
        Assert.All(found, mistake => Assert.Contains("is at 40 of y", mistake, StringComparison.Ordinal));
        Assert.NotEmpty(found);
    }

    [Fact]
    public void An_access_that_is_in_range_is_proven_and_one_that_may_not_be_is_not()
    {
        Assert.Empty(KernelVerifier.Unproven(Launch(new Tasks(5), new Loop(row, Tasks.From, Tasks.To, 1, [new Loop(k, 0, 8, 1, [Store((row * 8) + k)])]))));
        Assert.Empty(KernelVerifier.Unproven(Launch(new Tasks(Length), new Loop(row, Tasks.From, Tasks.To, 1, [Store((row % 8 * 5) + (row / 8))]))));
        Assert.NotEmpty(KernelVerifier.Unproven(Launch(new Tasks(5), new Loop(row, Tasks.From, Tasks.To, 1, [new Loop(k, 0, 9, 1, [Store((row * 8) + k)])]))));
        Assert.NotEmpty(KernelVerifier.Unproven(Launch(new Tasks(Length), new LoadIndex(k, y, 0), Store(k))));
    }

    private StoreScalar Store(Generator.Loops.Index at) => new(y, at, new Number(0));

    private Loop Sum(Statement inside) => new(row, Tasks.From, Tasks.To, 1,
    [
        new Declare(sum, new Number(0), Mutable: true),
        new Loop(k, 0, 9, 1, [new Assign(sum, new Operation(ScalarOp.Add, [sum, new Number(1)])), inside]),
    ]);

    private void AssertRight(params Statement[] body) => Assert.Empty(KernelVerifier.Mistakes(Launch(new Tasks(Length), body)));

    private void AssertWrong(string mistake, params Statement[] body) =>
        Assert.Contains(KernelVerifier.Mistakes(Launch(new Tasks(Length), body)), found => found.Contains(mistake, StringComparison.Ordinal));

    private Launch Launch(Partition partition, params Statement[] body)
    {
        var main = new Function("Kernel", "", [new BufferParameter(y, true)], [KernelBuilder.BatchSize, .. partition.Bounds], body);
        return new Launch(new Kernel("Kernel", [], main, [], partition), [storage], []);
    }

    private static void Verify(CorpusModel model)
    {
        var forCpus = Widths.Some(model.Number).SelectMany(target => model.Schedule(target).Training.Append(model.Schedule(target).Infer));
        var forGpus = model.Plan.TrainingGraphs.Append(model.Plan.InferGraph)
            .SelectMany(graph => new[] { false, true }.Select(usesTf32 => ModelCompiler.ScheduleForGpu(graph, model.Plan.Parameters, usesTf32)));
        foreach (var launch in forCpus.Concat(forGpus).SelectMany(plan => plan.Parts).SelectMany(part => part.Phases).SelectMany(phase => phase.Launches))
        {
            Assert.Empty(KernelVerifier.Mistakes(launch));
        }
    }
}
