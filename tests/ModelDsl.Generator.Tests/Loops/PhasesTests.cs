using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using Buffer = ModelDsl.Generator.Loops.Buffer;
using Index = ModelDsl.Generator.Loops.Index;
using Tasks = ModelDsl.Generator.Loops.Range;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Kernels need no barrier between them if each worker accesses only what its own share has computed.</summary>
public class PhasesTests
{
    private const int Width = 5;

    private static readonly IndexVariable Row = new("row");
    private static readonly IndexVariable Column = new("column");
    private static readonly Index N = KernelBuilder.BatchSize;

    private readonly Storage x = new("x", Space.Batched, new Strided([Width, 1]), Width);
    private readonly Storage y = new("y", Space.Batched, new Strided([Width, 1]), Width);
    private readonly Storage z = new("z", Space.Batched, new Strided([Width, 1]), Width);

    private static Index Own => (Row * Width) + Column;

    [Fact]
    public void Rows_that_the_same_worker_has_written() => Assert.Equal([0, 0], Of(Rows(N, x, Own, y, Own), Rows(N, y, Own, z, Own)));

    [Fact]
    public void Elements_of_the_same_row_in_any_order() => Assert.Equal([0, 0, 0], Of(Rows(N, x, Own, y, (Row * Width) + 4 - Column), Rows(N, y, Row * Width, z, Own), Rows(N, z, (Row * Width) + 4, x, Own)));

    [Fact]
    public void The_next_row() => Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own), Rows(N, y, Own + Width, z, Own)));

    [Fact]
    public void The_row_before() => Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own), Rows(N, y, Index.Max(0, Own - 1), z, Own)));

    [Fact]
    public void The_first_row_of_all() => Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own), Rows(N, y, Column, z, Own)));

    [Fact]
    public void All_rows()
    {
        var other = new IndexVariable("other");
        var sum = Of(N, y, z, to => [new Loop(other, 0, N, 1, [new StoreScalar(to, Own, new LoadScalar(From, (other * Width) + Column))])]);
        Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own), sum));
    }

    [Fact]
    public void A_row_whose_number_is_read_from_memory()
    {
        var id = new IndexVariable("id");
        var gather = Of(N, y, z, to => [new LoadIndex(id, From, Row), new StoreScalar(to, Own, new LoadScalar(From, (id * Width) + Column))]);
        Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own), gather));
    }

    [Fact]
    public void A_writer_that_writes_rows_of_others() => Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own + Width), Rows(N, y, Own, z, Own)));

    [Fact]
    public void A_row_that_is_overwritten_after_it_was_read()
    {
        Assert.Equal([0, 0], Of(Rows(N, x, Own, y, Own), Rows(N, z, Own, x, Own)));
        Assert.Equal([0, 1], Of(Rows(N, x, Own + Width, y, Own), Rows(N, z, Own, x, Own)));
    }

    [Fact]
    public void Other_tasks()
    {
        Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own), Rows(N * Width, y, Row, z, Row)));
        Assert.Equal([0, 0], Of(Rows(N * Width, x, Row, y, Row), Rows(N * Width, y, Row, z, Row)));
        Assert.Equal([0, 1], Of(Rows(N * Width, x, Row, y, Row, alignment: 16), Rows(N * Width, y, Row, z, Row)));
        Assert.Equal([0, 0], Of(Rows(N * Width, x, Row, y, Row, alignment: 16), Rows(N * Width, y, Row, z, Row, alignment: 16)));
    }

    [Fact]
    public void Lanes_behind_the_row()
    {
        Launch Lanes(int count) => Of(N, y, z, to => [new StoreLanes(to, (Index)Row * Width, new LoadLanes(From, (Index)Row * Width, count), count)]);
        Assert.Equal([0, 0], Of(Rows(N, x, Own, y, Own), Lanes(Width)));
        Assert.Equal([0, 1], Of(Rows(N, x, Own, y, Own), Lanes(Width + 1)));
    }

    /// <summary>The buffer that a kernel reads.</summary>
    private static Buffer From { get; } = new("from");

    private static Launch Rows(Index count, Storage source, Index read, Storage target, Index write, int alignment = 1) =>
        Of(count, source, target, to => [new StoreScalar(to, write, new LoadScalar(From, read))], alignment);

    private static Launch Of(Index count, Storage source, Storage target, Func<Buffer, IReadOnlyList<Statement>> body, int alignment = 1)
    {
        var to = new Buffer("to");
        var partition = new Tasks(count, alignment);
        Loop loop = new(Row, Tasks.From, Tasks.To, 1, [new Loop(Column, 0, Width, 1, body(to))]);
        var main = new Function("Kernel", "", [new BufferParameter(From, false), new BufferParameter(to, true)], [KernelBuilder.BatchSize, .. partition.Bounds], [loop]);
        return new Launch(new Kernel("Kernel", [], main, [], partition), [source, target], []);
    }

    /// <summary>The phases of launches.</summary>
    private static int[] Of(params Launch[] launches)
    {
        var phases = Assert.Single(Phases.Build([.. launches.Select(launch => (0, launch))])).Phases.ToList();
        return [.. launches.Select(launch => phases.FindIndex(phase => phase.Launches.Contains(launch)))];
    }
}
