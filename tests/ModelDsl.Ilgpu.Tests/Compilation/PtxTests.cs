using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Kernels compiled for CUDA without a device: that they compile, call nothing that is not there, and keep their loops in registers.</summary>
public class PtxTests
{
    public static TheoryData<string> Kernels => [.. KnownKernels.Tried(0)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_compiles(string name)
    {
        var ptx = KernelCompiler.ToPtx(KnownKernels.All[name]);
        KernelCompiler.CheckPtx(ptx);
    }

    [Fact]
    public void Products_load_four_numbers_at_once_and_multiply_and_add_together()
    {
        var ptx = KernelCompiler.ToPtx(KnownKernels.All["WideRegressionIlgpu.Tanh1"]);
        // Of each term of a slice one of each operand.
        Assert.Equal(2 * 16, Regex.Count(ptx, @"ld\.shared\.v4\.f32"));

        // Without a rounding mode the assembler makes one instruction of a product and a sum.
        Assert.True(Regex.Count(ptx, @"\bmul\.f32") >= 256 && Regex.Count(ptx, @"\badd\.f32") >= 256, ptx);
    }

    /// <summary>64 results per thread, in 16 quads. The first kernel also loads a quad of the bias for each.</summary>
    [Theory]
    [InlineData("LargeIlgpu.Relu1Wide", 16)]
    [InlineData("LargeWeightIlgpu.Dense1WeightGradientWide", 0)]
    public void Wide_products_load_and_store_four_numbers_at_once_everywhere(string name, int finishing)
    {
        var ptx = KernelCompiler.ToPtx(KnownKernels.All[name]);

        // Two operands, of the first slice and of the next; nothing is loaded or stored one by one.
        Assert.Equal(4 + finishing, Regex.Count(ptx, @"ld\.global\.v4\.f32"));
        Assert.Equal(16, Regex.Count(ptx, @"st\.global\.v4\.f32"));
        Assert.Equal(0, Regex.Count(ptx, @"(ld|st)\.global\.f32"));

        // Eight terms of eight rows and eight columns.
        Assert.Equal(8 * 4, Regex.Count(ptx, @"ld\.shared\.v4\.f32"));
        Assert.Equal(0, Regex.Count(ptx, @"ld\.shared\.f32"));
        Assert.True(Regex.Count(ptx, @"\bmul\.f32") >= 8 * 64, ptx);
    }
}
