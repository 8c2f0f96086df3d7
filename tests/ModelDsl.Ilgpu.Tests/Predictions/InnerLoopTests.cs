using ModelDsl.Benchmarks.Gpu.Predictions;

namespace ModelDsl.Ilgpu.Tests.Predictions;

/// <summary>The loop in which a kernel spends its time.</summary>
public sealed class InnerLoopTests
{
    [Fact]
    public void Instructions_are_those_of_one_iteration()
    {
        var loop = Of(Texts.Sum, n: 100);
        Assert.Equal(1, loop.Count(InstructionKind.FusedMultiplyAdd), 6);
        Assert.Equal(1, loop.Count(InstructionKind.GlobalLoad), 6);
        Assert.Equal(1, loop.Count(InstructionKind.Remainder), 6);
        Assert.Equal(3, loop.Count(InstructionKind.Integer), 6);
        Assert.Equal(0, loop.Count(InstructionKind.GlobalStore), 6);

        // The condition is tested once more than there are iterations, with its branch.
        Assert.Equal(1.01 + 1.01 + 1, loop.Count(InstructionKind.Comparison, InstructionKind.Control), 6);
    }

    [Fact]
    public void Of_nested_loops_it_is_the_one_with_most_work()
    {
        var loop = Of(Texts.Of(
            """
            ld.param.b32 %r1, [n];
            mov.b32 %r2, 0;
            outer:
            setp.ge.s32 %p1, %r2, %r1;
            @%p1 bra done;
            rem.s32 %r4, %r2, 3;
            mov.b32 %r3, 0;
            inner:
            setp.ge.s32 %p2, %r3, 50;
            @%p2 bra next;
            shl.b32 %r5, %r3, 1;
            add.s32 %r3, %r3, 1;
            bra.uni inner;
            next:
            add.s32 %r2, %r2, 1;
            bra.uni outer;
            done:
            ret;
            """), n: 4);
        Assert.Equal(0, loop.Count(InstructionKind.Remainder));
        Assert.Equal(2, loop.Count(InstructionKind.Integer), 6);
    }

    [Fact]
    public void A_kernel_without_loops_is_one_iteration()
    {
        var loop = Of(Texts.Of(
            """
            ld.param.b32 %r1, [n];
            rem.s32 %r2, %r1, 3;
            rem.s32 %r3, %r1, 5;
            ret;
            """), n: 4);
        Assert.Equal(2, loop.Count(InstructionKind.Remainder));
    }

    private static InnerLoop Of(string text, int n)
    {
        var (code, launch) = (KernelCode.Of(text), Texts.Launch(text, groups: 2, threads: 3, n));
        return InnerLoop.Of(code, LaunchSample.Of(code, launch).Executed, 2 * 3);
    }
}
