using ILGPU;
using ILGPU.Runtime.Cuda;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>Loads PTX through CUDA's driver.</summary>
/// <param name="api">The driver.</param>
/// <param name="architecture">The compute capability of the device.</param>
/// <param name="instructionSet">The latest version of PTX that the driver knows.</param>
internal sealed class CudaDriver(ICudaApi api, Version architecture, Version instructionSet) : IKernelDriver
{
    // Errors that ILGPU does not name (cuda.h).
    private const CudaError JitCompilerNotFound = (CudaError)221;
    private const CudaError UnsupportedPtx = (CudaError)222;
    private const CudaError JitCompilationDisabled = (CudaError)223;

    private readonly List<nint> modules = [];

    /// <summary>Returns the driver of a device.</summary>
    public static CudaDriver Of(CudaAccelerator accelerator) => new(
        new CudaApi(accelerator), new(accelerator.Architecture.Major, accelerator.Architecture.Minor), new(accelerator.InstructionSet.Major, accelerator.InstructionSet.Minor));

    public bool HasSeparateBuffers => false;

    public bool JoinsKernels => true;

    /// <summary>The text for the latest architecture that is not later than the device: PTX runs on all later devices.</summary>
    public string? Text(KernelFile file, KernelItem kernel) => file.List.Targets
        .Where(target => target.Architecture <= architecture && target.InstructionSet <= instructionSet)
        .OrderByDescending(static target => target.Architecture)
        .Select(target => file.Ptx(kernel, target)).FirstOrDefault(static text => text is not null);

    public IDriverKernel Load(KernelItem kernel, string text)
    {
        var error = api.LoadModule(out var module, text, out var log);
        if (error != CudaError.CUDA_SUCCESS)
            throw Failure(kernel, error, Trimmed(log));
        modules.Add(module);
        error = api.GetFunction(out var function, module, kernel.Entry);
        return error == CudaError.CUDA_SUCCESS ? new Function(api, kernel, function) : throw Failure(kernel, error, $"the text has no function {kernel.Entry}");
    }

    public void Dispose()
    {
        // The context of the device may be gone already, and its modules with it.
        foreach (var module in modules)
            _ = api.Unload(module);
        modules.Clear();
    }

    /// <summary>A text that ILGPU's may replace, or an error of the device, which ILGPU's text would meet too.</summary>
    private static Exception Failure(KernelItem kernel, CudaError error, string reason) => DeviceLoss.IsLoss(error) ? new DriverException(error.ToString()) : IsOfText(error)
        ? new KernelRefusedException($"{error}: {reason}")
        : new InvalidOperationException($"CUDA cannot load {kernel.Name}: {error}. The device is out of memory, or a kernel that was launched before has failed: CUDA reports such errors later.");

    private static bool IsOfText(CudaError error) => error is
        CudaError.CUDA_ERROR_INVALID_IMAGE or CudaError.CUDA_ERROR_NO_BINARY_FOR_GPU or CudaError.CUDA_ERROR_INVALID_PTX
        or CudaError.CUDA_ERROR_INVALID_SOURCE or CudaError.CUDA_ERROR_NOT_FOUND or CudaError.CUDA_ERROR_NOT_SUPPORTED or JitCompilerNotFound or UnsupportedPtx or JitCompilationDisabled;

    private static string Trimmed(string? log) => log?.Trim('\0', ' ', '\n') is { Length: > 0 } text ? text : "the driver gives no reason";

    private sealed class Function(ICudaApi api, KernelItem kernel, nint function) : IDriverKernel
    {
        // The numbers with which cuLaunchKernel takes all arguments as one block of bytes.
        private const int BufferPointer = 1;
        private const int BufferSize = 2;

        public unsafe void Launch(in KernelConfig config, KernelArguments arguments)
        {
            nint size = arguments.Bytes.Length;
            var extra = stackalloc nint[] { BufferPointer, arguments.Address, BufferSize, (nint)(&size), 0 };
            var error = api.Launch(function, config.GridDim.X, config.GroupDim.X, (nint)extra);
            if (DeviceLoss.IsLoss(error))
                throw new DriverException(error.ToString());
            if (error != CudaError.CUDA_SUCCESS)
                throw new InvalidOperationException($"CUDA cannot launch {kernel.Name} with {config.GridDim.X} groups of {config.GroupDim.X} threads: {error}.");
        }
    }
}
