namespace ModelDsl.Ilgpu.Tests.Ptx;

/// <summary>The machine itself, on texts written by hand.</summary>
public class PtxMachineTests
{
    [Fact]
    public void It_loops_branches_and_meets_at_barriers()
    {
        // out[i] = the sum of in over all threads before and including the other end.
        var machine = Run(
            """
            .shared .align 4 .b8 values[16];
            ld.param.u64 %rd1, [source];
            ld.param.u64 %rd2, [target];
            mov.u32 %r1, %tid.x;
            mul.wide.u32 %rd3, %r1, 4;
            add.s64 %rd4, %rd1, %rd3;
            ld.global.f32 %f1, [%rd4];
            mov.u64 %rd5, values;
            add.s64 %rd6, %rd5, %rd3;
            st.shared.f32 [%rd6], %f1;
            bar.sync 0;
            mov.f32 %f2, 0f00000000;
            mov.u32 %r2, 0;
            again:
            setp.gt.s32 %p1, %r2, %r1;
            @%p1 bra done;
            mul.wide.u32 %rd7, %r2, 4;
            add.s64 %rd8, %rd5, %rd7;
            ld.shared.f32 %f3, [%rd8];
            add.f32 %f2, %f2, %f3;
            add.s32 %r2, %r2, 1;
            bra.uni again;
            done:
            add.s64 %rd9, %rd2, %rd3;
            st.global.f32 [%rd9], %f2;
            ret;
            """);
        Assert.Equal([1f, 3f, 7f, 15f], machine.Read(1));
    }

    [Fact]
    public void It_loads_and_stores_four_numbers_at_once()
    {
        var machine = Run(
            """
            ld.param.u64 %rd1, [source];
            ld.param.u64 %rd2, [target];
            ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd1];
            st.global.v4.f32 [%rd2], {%f4, %f3, %f2, %f1};
            ret;
            """);
        Assert.Equal([8f, 4f, 2f, 1f], machine.Read(1));
    }

    [Theory]
    [InlineData("mov.u64 %rd5, values; ld.shared.f32 %f1, [%rd5];", "before it is written")]
    [InlineData("ld.param.u64 %rd1, [source]; ld.global.f32 %f1, [%rd1+16];", "")]
    [InlineData("ld.param.u64 %rd1, [source]; ld.global.v2.f32 {%f1, %f2}, [%rd1+4];", "not aligned")]
    [InlineData("mov.u32 %r1, %tid.x; setp.eq.s32 %p1, %r1, 0; @%p1 bra end; bar.sync 0; end:", "meet at a barrier")]
    [InlineData("add.f32 %f1, %f2, %f2;", "register is read")]
    public void What_would_be_undefined_is_an_error(string body, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<Exception>(() => Run(".shared .align 4 .b8 values[16];\n" + body.Replace("; ", ";\n", StringComparison.Ordinal) + "\nret;")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(1.00048828f, 1.0009766f)]
    [InlineData(-1.00048828f, -1.0009766f)]
    [InlineData(1.000488f, 1f)]
    public void Tf32_is_rounded_to_the_nearest(float value, float expected) =>
        Assert.Equal(expected, BitConverter.UInt32BitsToSingle(MatrixMultiply.RoundToTf32(BitConverter.SingleToUInt32Bits(value))));

    private static PtxMachine Run(string body)
    {
        var program = PtxProgram.Parse($".visible .entry kernel(\n.param .align 8 .b8 source[16],\n.param .align 8 .b8 target[16]\n)\n{{\n{body}\n}}");
        var machine = new PtxMachine(program).View([1, 2, 4, 8]).View(new float[4]);
        machine.Launch(1, 4);
        return machine;
    }
}
