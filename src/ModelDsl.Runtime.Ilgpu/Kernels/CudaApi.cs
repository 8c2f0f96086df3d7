using ILGPU.Runtime.Cuda;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>The functions of CUDA's driver that load and launch kernels. Tests have a driver of their own.</summary>
internal interface ICudaApi
{
    /// <summary>cuModuleLoadDataEx.</summary>
    CudaError LoadModule(out nint module, string ptx, out string? log);

    /// <summary>cuModuleGetFunction.</summary>
    CudaError GetFunction(out nint function, nint module, string name);

    /// <summary>cuLaunchKernel, with one dimension of groups and threads.</summary>
    /// <param name="function">The function.</param>
    /// <param name="groups">The number of groups.</param>
    /// <param name="threads">The number of threads of a group.</param>
    /// <param name="extra">The address of the list that names the bytes of the arguments.</param>
    CudaError Launch(nint function, int groups, int threads, nint extra);

    /// <summary>cuModuleUnload.</summary>
    CudaError Unload(nint module);
}

/// <summary>The functions of the driver, as ILGPU imports them.</summary>
/// <param name="accelerator">The device, in whose stream kernels are launched.</param>
internal sealed class CudaApi(CudaAccelerator accelerator) : ICudaApi
{
    private readonly CudaAPI api = CudaAPI.CurrentAPI;

    public CudaError LoadModule(out nint module, string ptx, out string? log) => api.LoadModule(out module, ptx, out log);

    public CudaError GetFunction(out nint function, nint module, string name) => api.GetModuleFunction(out function, module, name);

    public CudaError Launch(nint function, int groups, int threads, nint extra) =>
        api.LaunchKernel(function, groups, 1, 1, threads, 1, 1, 0, ((CudaStream)accelerator.DefaultStream).StreamPtr, 0, extra);

    public CudaError Unload(nint module) => api.DestroyModule(module);
}
