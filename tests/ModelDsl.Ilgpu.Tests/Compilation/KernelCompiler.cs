using System.Collections.Concurrent;
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

/// <summary>ILGPU's compilers without a device. Each kernel is compiled once.</summary>
internal static partial class KernelCompiler
{
    private static readonly ConcurrentDictionary<MethodInfo, Lazy<string>> Ptx = [];

    /// <summary>Compilers that are not in use. Creating one takes longer than compiling most kernels.</summary>
    private static readonly ConcurrentBag<Compilers> Idle = [];

    public static string ToPtx(MethodInfo kernel) => Ptx.GetOrAdd(kernel, static kernel => new(() => With(compilers => compilers.ToPtx(kernel)))).Value;

    public static string ToOpenCl(MethodInfo kernel) => With(compilers => compilers.ToOpenCl(kernel));

    /// <summary>That it calls nothing that is not there, keeps its values in registers, and divides no integers in loops.</summary>
    public static void CheckPtx(string ptx)
    {
        Assert.Empty(PtxLoops.Divisions(ptx));
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

    private static string With(Func<Compilers, string> compile)
    {
        var compilers = Idle.TryTake(out var idle) ? idle : new Compilers();
        try
        {
            var text = compile(compilers);
            Idle.Add(compilers);
            return text;
        }
        catch
        {
            // A kernel that fails would spoil those after it.
            compilers.Dispose();
            throw;
        }
    }

    [GeneratedRegex(@"call(?:\.uni)?\s+(?:\([^)]*\)\s*,\s*)?([A-Za-z_$][\w$]*)")]
    private static partial Regex Call();

    /// <summary>The compilers for CUDA and for OpenCL.</summary>
    private sealed class Compilers : IDisposable
    {
        private readonly Context context = Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).ToContext();
        private readonly PTXBackend ptx;
        private readonly CLBackend openCl;

        public Compilers()
        {
            ptx = new PTXBackend(context, new CudaCapabilityContext(CudaArchitecture.SM_80), CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, null);
            openCl = new CLBackend(context, new CLCapabilityContext(false, false, true, false, false), CLDeviceVendor.Other, new CLCVersion(2, 0));
        }

        public string ToPtx(MethodInfo kernel) => ((PTXCompiledKernel)ptx.Compile(Entry(kernel), KernelSpecialization.Empty)).PTXAssembly;

        public string ToOpenCl(MethodInfo kernel) => ((CLCompiledKernel)openCl.Compile(Entry(kernel), KernelSpecialization.Empty)).Source;

        public void Dispose()
        {
            ptx.Dispose();
            openCl.Dispose();
            context.Dispose();
        }

        private static EntryPointDescription Entry(MethodInfo kernel) => EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
    }
}
