using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Backends;

/// <summary>ILGPU's compilers without a device.</summary>
internal static class KernelBackends
{
    /// <summary>Compiles a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="targets">The architectures of PTX.</param>
    /// <exception cref="KernelError">It cannot be compiled, or its code cannot be used.</exception>
    public static KernelCode Compile(MethodInfo kernel, IReadOnlyList<PtxTarget> targets)
    {
        try
        {
            return Compile(kernel, targets, KernelLayout.Of(kernel.GetParameters().Select(static parameter => parameter.ParameterType)));
        }
        catch (NotSupportedException exception)
        {
            throw KernelError.Of(exception);
        }
        catch (Exception exception) when (exception is not KernelError)
        {
            throw new KernelError(KernelError.Refused, $"its compilation failed: {exception.Message}");
        }
    }

    private static KernelCode Compile(MethodInfo kernel, IReadOnlyList<PtxTarget> targets, KernelLayout layout)
    {
        // Compilers of its own: what ILGPU writes depends on the kernels that it has compiled before, and one that fails would spoil those after it.
        using var context = NewContext();
        var texts = new Dictionary<string, string>();
        var (entry, shared, isForTensorCores) = ("", 0, false);
        var isForCuda = kernel.GetCustomAttribute<ForCudaAttribute>()?.IsUsed;
        foreach (var target in isForCuda == false ? [] : targets)
        {
            var compiled = (PTXCompiledKernel)Compile(() => PtxOf(context, target), kernel, "PTX");
            var text = StableNames.Of(compiled.PTXAssembly, compiled.Name);
            PtxText.Check(text, layout);
            (entry, shared) = (compiled.Name, Math.Max(shared, PtxText.SharedBytes(text)));
            isForTensorCores |= PtxText.UsesTensorCores(text);
            if (!isForTensorCores || target.Architecture >= Architectures.Tf32)
                texts.Add(target.Name, text);
        }

        if (isForTensorCores || isForCuda == true)
            return new(entry, shared, texts, null);
        var inC = (CLCompiledKernel)Compile(() => OpenClOf(context), kernel, "OpenCL C");
        return new(entry.Length > 0 ? entry : inC.Name, shared, texts, StableNames.Of(inC.Source, inC.Name));
    }

    // The settings of IlgpuDevice.
    private static Context NewContext() => Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).ToContext();

    private static PTXBackend PtxOf(Context context, PtxTarget target)
    {
        var architecture = new CudaArchitecture(target.Architecture.Major, target.Architecture.Minor);
        return new(context, new CudaCapabilityContext(architecture), architecture, new CudaInstructionSet(target.InstructionSet.Major, target.InstructionSet.Minor), null);
    }

    // Without half-precision and double-precision numbers, 64-bit atomic operations and subgroups: kernels use none of them, and each text would ask for their extensions, which not all devices have. ILGPU demands the
    // generic address space, which needs none.
    private static CLBackend OpenClOf(Context context) => new(context, new CLCapabilityContext(false, false, true, false, false), CLDeviceVendor.Other, new CLCVersion(2, 0));

    private static CompiledKernel Compile<TBackend>(Func<TBackend> create, MethodInfo kernel, string language)
        where TBackend : Backend
    {
        try
        {
            using var backend = create();
            return backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), KernelSpecialization.Empty);
        }
        catch (Exception exception)
        {
            var reason = exception is InternalCompilerException && exception.InnerException is { } inner ? inner : exception;
            throw new KernelError(KernelError.Refused, $"ILGPU cannot compile it to {language}: {reason.Message}");
        }
    }
}
