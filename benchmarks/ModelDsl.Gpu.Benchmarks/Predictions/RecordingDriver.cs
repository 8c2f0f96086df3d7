using ILGPU;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>A driver that records launches of PTX and executes nothing.</summary>
internal sealed class RecordingDriver : IKernelDriver
{
    /// <summary>The launches, in order.</summary>
    public List<KernelLaunch> Launches { get; } = [];

    public bool HasSeparateBuffers => false;

    public bool JoinsKernels => true;

    public string? Text(KernelFile file, KernelItem kernel) => file.Ptx(kernel, file.List.Targets[0]);

    public IDriverKernel Load(KernelItem kernel, string text) => new Recorded(Launches, kernel, text);

    public void Dispose()
    {
    }

    private sealed class Recorded(List<KernelLaunch> launches, KernelItem kernel, string text) : IDriverKernel
    {
        public void Launch(in KernelConfig config, KernelArguments arguments) =>
            launches.Add(new(KernelItems.ShortName(kernel), text, kernel.SharedBytes, config.GridDim.X, config.GroupDim.X, arguments.Bytes.ToArray()));
    }
}
