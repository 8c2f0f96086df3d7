using ILGPU;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>Loads OpenCL C through the driver of a device.</summary>
/// <param name="accelerator">The device.</param>
internal sealed class OpenClDriver(CLAccelerator accelerator) : IKernelDriver
{
    private readonly CLAPI api = CLAPI.CurrentAPI;
    private readonly List<(nint Program, nint Kernel)> loaded = [];

    public bool HasSeparateBuffers => true;

    public bool JoinsKernels => false;

    public string? Text(KernelFile file, KernelItem kernel) => file.OpenCl(kernel);

    public IDriverKernel Load(KernelItem kernel, string text)
    {
        try
        {
            var error = CLKernel.LoadKernel(accelerator, kernel.Entry, text, accelerator.CLStdVersion, out var program, out var function, out var log);
            if (error == CLError.CL_SUCCESS)
            {
                loaded.Add((program, function));
                return new Function(accelerator, api, kernel, function);
            }

            if (program != 0)
                _ = api.ReleaseProgram(program);
            throw Failure(kernel, error, log);
        }
        catch (CLException exception)
        {
            // The driver does not tell why it refused the text.
            throw Failure(kernel, exception.Error, exception.Message);
        }
    }

    public void Dispose()
    {
        foreach (var (program, kernel) in loaded)
        {
            _ = api.ReleaseKernel(kernel);
            _ = api.ReleaseProgram(program);
        }

        loaded.Clear();
    }

    /// <summary>A text that ILGPU's may replace, or an error of the device, which ILGPU's text would meet too.</summary>
    private static Exception Failure(KernelItem kernel, CLError error, string? log) =>
        error is CLError.CL_OUT_OF_RESOURCES or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_DEVICE_NOT_AVAILABLE
            ? new InvalidOperationException($"OpenCL cannot load {kernel.Name}: {error}. The device or the computer is out of memory, or a kernel that was launched before has failed.")
            : new KernelRefusedException($"{error}: {(string.IsNullOrWhiteSpace(log) ? "the driver gives no reason" : log.Trim())}");

    private sealed class Function(CLAccelerator accelerator, CLAPI api, KernelItem kernel, nint function) : IDriverKernel
    {
        public unsafe void Launch(in KernelConfig config, KernelArguments arguments)
        {
            try
            {
                var index = 0;
                foreach (var buffer in arguments.Buffers)
                {
                    var handle = buffer;
                    CLException.ThrowIfFailed(api.SetKernelArgumentUnsafe(function, index++, sizeof(nint), &handle));
                }

                foreach (var (offset, size) in arguments.Layout.Arguments)
                    CLException.ThrowIfFailed(api.SetKernelArgumentUnsafe(function, index++, size, (void*)(arguments.Address + offset)));
                nint threads = config.GroupDim.X;
                var all = threads * config.GridDim.X;

                // It is preceded by a barrier, so that kernels run in order.
                CLException.ThrowIfFailed(api.LaunchKernelUnsafe(((CLStream)accelerator.DefaultStream).CommandQueue, function, 1, null, &all, &threads));
            }
            catch (CLException exception) when (!DeviceLoss.IsLoss(exception.Error))
            {
                throw new InvalidOperationException($"OpenCL cannot launch {kernel.Name} with {config.GridDim.X} groups of {config.GroupDim.X} threads: {exception.Error}.", exception);
            }
        }
    }
}
