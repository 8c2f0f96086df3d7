using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Kernels compiled for CUDA without a device: that they compile, call nothing that is not there, and keep their loops in registers.</summary>
public partial class PtxTests
{
    public static TheoryData<string> Kernels => [.. KernelList.All.Keys];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_compiles(string name)
    {
        var ptx = Compile(name);
        Assert.DoesNotContain(".extern .func", ptx, StringComparison.Ordinal);
        foreach (Match call in Call().Matches(ptx))
            Assert.Matches($@"\.func[^;{{]*\b{Regex.Escape(call.Groups[1].Value)}\b", ptx);
        Assert.DoesNotMatch(@"\b(ld|st)\.local", ptx);
    }

    [Fact]
    public void Products_load_four_numbers_at_once_and_multiply_and_add_together()
    {
        var ptx = Compile("WideRegressionIlgpu.Tanh1");
        Assert.Equal(8, Regex.Count(ptx, @"ld\.shared\.v4\.f32"));

        // Without a rounding mode the assembler makes one instruction of a product and a sum.
        Assert.True(Regex.Count(ptx, @"\bmul\.f32") >= 64 && Regex.Count(ptx, @"\badd\.f32") >= 64, ptx);
    }

    /// <summary>A context of its own each time: a kernel that fails would spoil those after it.</summary>
    private static string Compile(string name)
    {
        using var context = Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).ToContext();
        var architecture = CudaArchitecture.SM_80;
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_70, null);
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(KernelList.All[name]);
        return ((PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).PTXAssembly;
    }

    [GeneratedRegex(@"call(?:\.uni)?\s+(?:\([^)]*\)\s*,\s*)?([A-Za-z_$][\w$]*)")]
    private static partial Regex Call();
}
