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

    public string? Text(KernelFile file, KernelItem kernel) => file.OpenCl(kernel);

    public IDriverKernel Load(KernelItem kernel, string text)
    {
        var error = CLKernel.LoadKernel(accelerator, kernel.Entry, text, accelerator.CLStdVersion, out var program, out var function, out var log);
        if (error != CLError.CL_SUCCESS)
            throw new KernelRefusedException($"{error}: {(string.IsNullOrWhiteSpace(log) ? "the driver gives no reason" : log.Trim())}");
        loaded.Add((program, function));
        return new Function(accelerator, api, kernel, function);
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

    private sealed class Function(CLAccelerator accelerator, CLAPI api, KernelItem kernel, nint function) : IDriverKernel
    {
        public unsafe void Launch(in KernelConfig config, KernelArguments arguments)
        {
            var (index, error) = (0, CLError.CL_SUCCESS);
            foreach (var buffer in arguments.Buffers)
            {
                var handle = buffer;
                error |= api.SetKernelArgumentUnsafe(function, index++, sizeof(nint), &handle);
            }

            foreach (var (offset, size) in arguments.Layout.Arguments)
                error |= api.SetKernelArgumentUnsafe(function, index++, size, (void*)(arguments.Address + offset));
            if (error == CLError.CL_SUCCESS)
            {
                nint threads = config.GroupDim.X;
                var all = threads * config.GridDim.X;

                // It is preceded by a barrier, so that kernels run in order.
                error = api.LaunchKernelUnsafe(((CLStream)accelerator.DefaultStream).CommandQueue, function, 1, null, &all, &threads);
            }

            if (error != CLError.CL_SUCCESS)
                throw new InvalidOperationException($"OpenCL cannot launch {kernel.Name} with {config.GridDim.X} groups of {config.GroupDim.X} threads: {error}.");
        }
    }
}
