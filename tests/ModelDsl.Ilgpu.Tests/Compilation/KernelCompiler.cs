using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>ILGPU's compilers without a device. A context of its own each time: a kernel that fails would spoil those after it.</summary>
internal static partial class KernelCompiler
{
    public static string ToPtx(MethodInfo kernel)
    {
        using var context = NewContext();
        var architecture = CudaArchitecture.SM_80;
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_70, null);
        return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), KernelSpecialization.Empty)).PTXAssembly;
    }

    public static string ToOpenCl(MethodInfo kernel)
    {
        using var context = NewContext();
        var capabilities = new CLCapabilityContext(false, true, true, false, false);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, new CLCVersion(2, 0));
        return ((CLCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), KernelSpecialization.Empty)).Source;
    }

    /// <summary>That it calls nothing that is not there, and keeps its values in registers.</summary>
    public static void CheckPtx(string ptx)
    {
        Assert.DoesNotContain(".extern .func", ptx, StringComparison.Ordinal);
        foreach (Match call in Call().Matches(ptx))
            Assert.Matches($@"\.func[^;{{]*\b{Regex.Escape(call.Groups[1].Value)}\b", ptx);
        Assert.DoesNotMatch(@"\b(ld|st)\.local", WithoutSumsOfMatrices(ptx));
    }

    /// <summary>
    /// ILGPU lets inline PTX hand out values through memory only. So the sums of matrices are handed out when all is summed; CUDA's assembler leaves that memory
    /// out. Nothing else may do so, and nothing among the products.
    /// </summary>
    private static string WithoutSumsOfMatrices(string ptx)
    {
        var (first, last) = (ptx.IndexOf("mma.sync", StringComparison.Ordinal), ptx.LastIndexOf("mma.sync", StringComparison.Ordinal));
        if (first < 0)
            return ptx;
        var sums = Regex.Count(ptx, @"mov\.f32\s+%f\d+, matrixSum");
        Assert.Equal(sums, Regex.Count(ptx, @"\bld\.local"));
        return ptx[first..last];
    }

    private static Context NewContext() => Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).ToContext();

    [GeneratedRegex(@"call(?:\.uni)?\s+(?:\([^)]*\)\s*,\s*)?([A-Za-z_$][\w$]*)")]
    private static partial Regex Call();
}
