using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using Xunit.Sdk;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>The watching memory sees what it is there to see.</summary>
public class LoopMemoryTests
{
    private readonly LoopMemory memory = new(n: 2, new ArenaSizes(8 * sizeof(float), 32 * sizeof(float)), parameters: 16, gradients: 16);
    private readonly Storage first = new("first", Space.Batched, new Strided([4, 1]), 4) { ByteOffset = 0 };
    private readonly Storage second = new("second", Space.Batched, new Strided([4, 1]), 4) { ByteOffset = 4 * sizeof(float) };
    private readonly Storage overlapping = new("overlapping", Space.Batched, new Strided([4, 1]), 4) { ByteOffset = 2 * sizeof(float) };
    private readonly Storage weight = new("weight", Space.Parameters, new Strided([1]), 16) { ByteOffset = 0 };

    public LoopMemoryTests()
    {
        memory.BeginPhase();
        memory.BeginTask("a");
    }

    [Fact]
    public void What_was_written_is_read()
    {
        memory.Write(first, 3, 5);
        Assert.Equal(5, memory.Read(first, 3));
        memory.BeginPhase();
        memory.BeginTask("b");
        Assert.Equal(5, memory.Read(first, 3));
        memory.Write(first, 3, 6);
        memory.BeginPhase();
        memory.BeginTask("c");
        Assert.Equal(6, memory.Read(first, 3));
        memory.BeginTask("d");
        Assert.Equal(6, memory.Read(first, 3));
    }

    [Fact]
    public void Reading_before_writing() => AssertFails("nobody has written", () => memory.Read(first, 0));

    [Fact]
    public void Reading_the_memory_of_another_buffer()
    {
        memory.Write(first, 1, 1);
        memory.BeginPhase();
        memory.Poison(overlapping);
        memory.BeginTask("b");

        // 2 · 16 is where the other begins: beyond the two samples of the first.
        Assert.Equal(1, memory.Read(first, 1));
        AssertFails("nobody has written", () => memory.Read(overlapping, 0));
    }

    [Fact]
    public void Elements_outside()
    {
        AssertFails("8 of first", () => memory.Write(first, 8, 1));
        AssertFails("-1 of second", () => memory.Write(second, -1, 1));
        AssertFails("writes weight", () => memory.Write(weight, 0, 1));
    }

    [Fact]
    public void Two_tasks_that_write_one_element()
    {
        memory.Write(first, 0, 1);
        memory.Write(first, 0, 2);
        memory.BeginTask("b");
        memory.Write(first, 1, 1);
        AssertFails("as another task", () => memory.Write(first, 0, 1));
    }

    [Fact]
    public void A_task_that_reads_what_another_writes()
    {
        memory.Write(first, 0, 1);
        memory.BeginTask("b");
        AssertFails("another task of the phase writes", () => memory.Read(first, 0));
    }

    [Fact]
    public void A_task_that_writes_what_another_reads()
    {
        memory.Write(first, 0, 1);
        memory.BeginPhase();
        memory.BeginTask("b");
        memory.Read(first, 0);
        memory.BeginTask("c");
        memory.Read(first, 0);
        AssertFails("another task of the phase reads", () => memory.Write(first, 0, 1));
    }

    private static void AssertFails(string message, Action action) =>
        Assert.Contains(message, Assert.ThrowsAny<XunitException>(action).Message, StringComparison.Ordinal);
}
