using ModelDsl.Benchmarks.Gpu.Predictions;

namespace ModelDsl.Ilgpu.Tests.Predictions;

/// <summary>Instructions, operations and bytes of launches, from texts that are written by hand.</summary>
public sealed class LaunchSampleTests
{
    [Fact]
    public void The_iterations_of_a_loop_are_those_of_its_argument()
    {
        var code = KernelCode.Of(Texts.Sum);
        var work = LaunchSample.Of(code, Texts.Launch(Texts.Sum, groups: 2, threads: 32, n: 7));
        Assert.Equal(2 * 32 * 7 * 2, work.Flops(code.Kinds));
        Assert.Equal(2 * 32 * 7, Executed(code, work, "rem.s32"));
        Assert.Equal(2 * 32 * 8, Executed(code, work, "setp.ge.s32"));
    }

    [Fact]
    public void Large_launches_are_counted_from_some_of_their_threads()
    {
        // The number of iterations is the number of the group: half of all groups on average.
        var text = Texts.Of(
            """
            mov.b32 %r1, %ctaid.x;
            mov.b32 %r2, 0;
            again:
            setp.ge.s32 %p1, %r2, %r1;
            @%p1 bra done;
            add.s32 %r2, %r2, 1;
            bra.uni again;
            done:
            ret;
            """);
        var code = KernelCode.Of(text);
        var work = LaunchSample.Of(code, Texts.Launch(text, groups: 1000, threads: 256, n: 0));
        Assert.InRange(Executed(code, work, "add.s32"), 0.97 * 256 * 999 * 500, 1.03 * 256 * 999 * 500);
    }

    [Fact]
    public void A_view_is_read_once_and_not_more_than_is_accessed()
    {
        var code = KernelCode.Of(Texts.Sum);
        var large = LaunchSample.Of(code, Texts.Launch(Texts.Sum, groups: 100, threads: 32, n: 7));
        var small = LaunchSample.Of(code, Texts.Launch(Texts.Sum, groups: 1, threads: 1, n: 2));

        // Both views have fewer bytes than are loaded and stored.
        Assert.Equal(2 * Texts.Length * sizeof(float), large.Bytes);
        Assert.Equal(100 * 32 * 8 * sizeof(float), large.AccessedBytes);
        Assert.Equal(3 * sizeof(float), small.Bytes);
    }

    [Fact]
    public void A_branch_that_depends_on_data_is_not_taken_and_counted()
    {
        var work = LaunchSample.Of(KernelCode.Of(Texts.Sum), Texts.Launch(Texts.Sum, groups: 1, threads: 5, n: 1));
        Assert.Equal(5, work.Undecided);
    }

    [Fact]
    public void A_loop_that_ends_by_data_is_an_error()
    {
        var text = Texts.Of(
            """
            ld.param.b64 %rd1, [source];
            again:
            ld.global.b32 %r1, [%rd1];
            setp.gt.s32 %p1, %r1, 0;
            @%p1 bra done;
            bra.uni again;
            done:
            ret;
            """);
        var message = Assert.Throws<InvalidOperationException>(() => LaunchSample.Of(KernelCode.Of(text), Texts.Launch(text, 1, 1, 0))).Message;
        Assert.Contains("A thread of Kernel does not end", message, StringComparison.Ordinal);
    }

    private static double Executed(KernelCode code, LaunchWork work, string operation) =>
        code.Program.Instructions.Index().Where(pair => pair.Item.Operation == operation).Sum(pair => work.Executed[pair.Index]);
}
