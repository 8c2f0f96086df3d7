using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using Xunit.Sdk;
using Buffer = ModelDsl.Generator.Loops.Buffer;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>What runs groups of threads sees what it is there to see: each mistake in a kernel that works without it.</summary>
public class LoopGroupTests
{
    private const int Count = 32;

    private static readonly IndexVariable Thread = ThreadGroups.Thread;

    private readonly Storage storage = new("result", Space.Fixed, new Strided([1]), Count) { ByteOffset = 0 };
    private readonly Buffer result = new("result");
    private readonly Buffer shared = new("shared");
    private readonly LoopMemory memory = new(n: 1, new ArenaSizes(0, Count * sizeof(float)), parameters: 0, gradients: 0);

    [Fact]
    public void Threads_read_behind_a_barrier_what_others_wrote_before_it()
    {
        Run(Write(Thread), new GroupBarrier(), Mirror());
        Assert.Equal([.. Enumerable.Range(0, Count).Reverse().Select(thread => (float)thread)], Enumerable.Range(0, Count).Select(i => memory.Result(storage, i, "result")));
    }

    [Fact]
    public void A_missing_barrier() => AssertFails("another task of the phase writes", Write(Thread), Mirror());

    [Fact]
    public void A_barrier_that_some_threads_do_not_come_to() =>
        AssertFails("not all threads", Write(Thread), new If([Condition.Less(Thread, 7)], [new GroupBarrier()]), Mirror());

    [Fact]
    public void A_barrier_in_a_loop_of_which_some_threads_run_more() =>
        AssertFails("not all threads", Write(Thread), new Loop(new IndexVariable("i"), Thread, Count, 1, [new GroupBarrier()]), Mirror());

    [Fact]
    public void Two_threads_that_write_one_element() => AssertFails("as another task", Write(Thread / 2), new GroupBarrier(), Mirror());

    [Fact]
    public void An_element_of_shared_memory_that_nobody_has_written() =>
        AssertFails("nobody has written", new If([Condition.Less(Thread, 31)], [Write(Thread)]), new GroupBarrier(), Mirror());

    [Fact]
    public void Elements_outside_shared_memory() => AssertFails("at 32 of shared memory", Write(Thread + 1), new GroupBarrier(), Mirror());

    [Fact]
    public void Two_groups_that_write_one_element()
    {
        memory.BeginPhase();
        Run(0, Write(Thread), new GroupBarrier(), Mirror());
        Assert.Contains("as another task", Failure(() => Run(1, Write(Thread), new GroupBarrier(), Mirror())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reduction_gives_every_thread_the_sum_of_its_column()
    {
        var sum = new Variable("sum", false);
        Run(new ReduceThreads(sum, ReduceOp.Sum, shared, new IndexNumber(Thread), Count, Width: 2), new StoreScalar(result, Thread, sum));
        Assert.Equal([240f, 256f], [memory.Result(storage, 30, "result"), memory.Result(storage, 31, "result")]);
    }

    private StoreScalar Write(Generator.Loops.Index at) => new(shared, at, new IndexNumber(Thread));

    private StoreScalar Mirror() => new(result, Thread, new LoadScalar(shared, Count - 1 - (Generator.Loops.Index)Thread));

    private void AssertFails(string message, params Statement[] body) => Assert.Contains(message, Failure(() => Run(body)), StringComparison.Ordinal);

    private static string Failure(Action action) => Assert.ThrowsAny<XunitException>(action).Message;

    private void Run(params Statement[] body)
    {
        memory.BeginPhase();
        Run(0, body);
    }

    private void Run(int group, params Statement[] body)
    {
        var partition = new ThreadGroups(2, Count);
        var main = new Function("Kernel", "", [new BufferParameter(result, true)], [KernelBuilder.BatchSize], [new DeclareArray(shared, Count), .. body]);
        LoopGroup.Run(memory, new Launch(new Kernel("Kernel", [], main, [], partition), [storage], []), group, Count, n: 1);
    }
}
