using ModelDsl.Benchmarks.Gpu.Predictions;

namespace ModelDsl.Ilgpu.Tests.Predictions;

/// <summary>Kernels in PTX that are written by hand.</summary>
internal static class Texts
{
    /// <summary>The number of elements of each view.</summary>
    public const int Length = 1000;

    /// <summary>A kernel with the views source and target, and the integer n.</summary>
    public static string Of(string body) => $$"""
        .version 7.0
        .visible .entry Kernel(
            .param .align 8 .b8 source[16],
            .param .align 8 .b8 target[16],
            .param .b32 n
        )
        {
        {{body}}
        }
        """;

    /// <summary>A launch of such a kernel.</summary>
    public static KernelLaunch Launch(string text, int groups, int threads, int n)
    {
        var arguments = new byte[36];
        BitConverter.TryWriteBytes(arguments, 1L << 40);
        BitConverter.TryWriteBytes(arguments.AsSpan(8), (long)Length);
        BitConverter.TryWriteBytes(arguments.AsSpan(16), 1L << 41);
        BitConverter.TryWriteBytes(arguments.AsSpan(24), (long)Length);
        BitConverter.TryWriteBytes(arguments.AsSpan(32), n);
        return new("Kernel", text, 0, groups, threads, arguments);
    }

    /// <summary>Each thread adds n products, and writes their sum if it is positive.</summary>
    public static string Sum { get; } = Of(
        """
        ld.param.b64 %rd1, [source];
        ld.param.b64 %rd2, [target];
        ld.param.b32 %r1, [n];
        mov.b32 %r2, 0;
        mov.f32 %f1, 0f00000000;
        mov.b32 %r3, %tid.x;
        again:
        setp.ge.s32 %p1, %r2, %r1;
        @%p1 bra done;
        rem.s32 %r4, %r3, 10;
        mul.wide.u32 %rd3, %r4, 4;
        add.u64 %rd4, %rd1, %rd3;
        ld.global.f32 %f2, [%rd4];
        mul.f32 %f3, %f2, %f2;
        add.f32 %f1, %f1, %f3;
        add.s32 %r2, %r2, 1;
        bra.uni again;
        done:
        setp.leu.f32 %p2, %f1, 0f00000000;
        @%p2 bra end;
        st.global.f32 [%rd2], %f1;
        end:
        ret;
        """);
}
