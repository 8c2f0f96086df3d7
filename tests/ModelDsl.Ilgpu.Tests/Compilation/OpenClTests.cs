namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Kernels compiled to OpenCL C without a device.</summary>
public class OpenClTests
{
    /// <summary>Tensor cores are NVIDIA's: their kernels are launched on no other device.</summary>
    public static TheoryData<string> Kernels => [.. KnownKernels.Tried(1).Where(name => !name.Contains("Tf32", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_compiles(string name) =>
        Assert.Contains("kernel void", KernelCompiler.ToOpenCl(KnownKernels.All[name]), StringComparison.Ordinal);
}
