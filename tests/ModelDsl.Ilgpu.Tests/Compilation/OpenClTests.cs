using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Kernels compiled to OpenCL C without a device.</summary>
public class OpenClTests
{
    public static TheoryData<string> Kernels => [.. KernelList.All.Keys];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_compiles(string name)
    {
        using var context = Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).ToContext();
        var capabilities = new CLCapabilityContext(false, true, true, false, false);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, new CLCVersion(2, 0));
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(KernelList.All[name]);
        var source = ((CLCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).Source;
        Assert.Contains("kernel void", source, StringComparison.Ordinal);
    }
}
