using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Backends;

/// <summary>ILGPU's compilers without a device. One thread uses them at a time, and none after a kernel that failed.</summary>
internal sealed class KernelBackends : IDisposable
{
    // The settings of IlgpuDevice.
    private readonly Context context = Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).ToContext();
    private readonly (PtxTarget Target, PTXBackend Backend)[] ptx;
    private readonly CLBackend openCl;

    /// <summary>Creates the compilers.</summary>
    /// <param name="targets">The architectures of PTX.</param>
    public KernelBackends(IReadOnlyList<PtxTarget> targets)
    {
        ptx = [.. targets.Select(target => (target, PtxOf(target)))];

        // Least of everything: 16-bit and 64-bit numbers, atomic operations and subgroups need extensions, and kernels use none of them.
        openCl = new CLBackend(context, new CLCapabilityContext(false, true, true, false, false), CLDeviceVendor.Other, new CLCVersion(2, 0));
    }

    /// <summary>Compiles a kernel.</summary>
    /// <exception cref="KernelError">It cannot be compiled, or its code cannot be used.</exception>
    public KernelCode Compile(MethodInfo kernel)
    {
        var layout = KernelLayout.Of(kernel.GetParameters().Select(static parameter => parameter.ParameterType));
        var texts = new Dictionary<string, string>();
        var (entry, shared, isForTensorCores) = ("", 0, false);
        foreach (var (target, backend) in ptx)
        {
            var compiled = (PTXCompiledKernel)Compile(backend, kernel, "PTX");
            var text = StableNames.Of(compiled.PTXAssembly);
            PtxText.Check(text, layout);
            (entry, shared) = (compiled.Name, Math.Max(shared, PtxText.SharedBytes(text)));
            isForTensorCores |= PtxText.UsesTensorCores(text);
            if (!isForTensorCores || target.Architecture >= Architectures.Tf32)
                texts.Add(target.Name, text);
        }

        if (isForTensorCores)
            return new(entry, shared, texts, null);
        var inC = (CLCompiledKernel)Compile(openCl, kernel, "OpenCL C");
        return new(entry.Length > 0 ? entry : inC.Name, shared, texts, StableNames.Of(inC.Source));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, backend) in ptx)
            backend.Dispose();
        openCl.Dispose();
        context.Dispose();
    }

    private PTXBackend PtxOf(PtxTarget target)
    {
        var architecture = new CudaArchitecture(target.Architecture.Major, target.Architecture.Minor);
        return new(context, new CudaCapabilityContext(architecture), architecture, new CudaInstructionSet(target.InstructionSet.Major, target.InstructionSet.Minor), null);
    }

    private static CompiledKernel Compile(Backend backend, MethodInfo kernel, string language)
    {
        try
        {
            return backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), KernelSpecialization.Empty);
        }
        catch (Exception exception)
        {
            var reason = exception is InternalCompilerException && exception.InnerException is { } inner ? inner : exception;
            throw new KernelError(KernelError.Refused, $"ILGPU cannot compile it to {language}: {reason.Message}");
        }
    }
}
