using ILGPU;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>The driver of a kind of devices, as far as kernels are concerned.</summary>
internal interface IKernelDriver : IDisposable
{
    /// <summary>Whether buffers are arguments of their own.</summary>
    bool HasSeparateBuffers { get; }

    /// <summary>Whether it runs joint kernels whose parts have barriers. The optimizer of PoCL, an OpenCL driver, changes what some of them compute.</summary>
    bool JoinsKernels { get; }

    /// <summary>Returns the text of a kernel that fits the device; null if there is none.</summary>
    string? Text(KernelFile file, KernelItem kernel);

    /// <summary>Loads a kernel. It exists until the driver is disposed.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="KernelRefusedException">The driver refuses the text.</exception>
    IDriverKernel Load(KernelItem kernel, string text);
}

/// <summary>A kernel on a device.</summary>
internal interface IDriverKernel
{
    /// <summary>Starts the kernel in the stream of the device.</summary>
    /// <param name="config">The number of groups, and of threads per group.</param>
    /// <param name="arguments">The arguments.</param>
    void Launch(in KernelConfig config, KernelArguments arguments);
}

/// <summary>A driver refuses a kernel.</summary>
/// <param name="message">The error of the driver, with its log.</param>
internal sealed class KernelRefusedException(string message) : Exception(message);
