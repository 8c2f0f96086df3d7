namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Kernels compiled to OpenCL C without a device.</summary>
public class OpenClTests
{
    public static TheoryData<string> Kernels => [.. KernelList.All.Keys];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_compiles(string name) =>
        Assert.Contains("kernel void", KernelCompiler.ToOpenCl(KernelList.All[name]), StringComparison.Ordinal);
}
