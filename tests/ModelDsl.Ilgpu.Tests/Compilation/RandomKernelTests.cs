using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Random models and well-known networks, those that the kernels of the CPU are compared with: every kernel compiles to PTX and to OpenCL C.</summary>
public class RandomKernelTests
{
    public static TheoryData<string> Parts => [.. RandomSuite.Parts];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Kernels_compile(string part)
    {
        var kernels = RandomSuite.Of(part).Kernels;
        Assert.True(kernels.Count > 50, $"Only {kernels.Count} kernels.");
        Failures.Collect(kernels.Keys, name =>
        {
            KernelCompiler.CheckPtx(KernelCompiler.ToPtx(kernels[name]));
            Assert.Contains("kernel void", KernelCompiler.ToOpenCl(kernels[name]), StringComparison.Ordinal);
        });
    }
}
