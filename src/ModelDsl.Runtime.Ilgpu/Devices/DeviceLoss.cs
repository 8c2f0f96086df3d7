using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu;

/// <summary>The errors of drivers after which a device does nothing any more. CUDA returns such an error from each call after the one that failed.</summary>
internal static class DeviceLoss
{
    /// <summary>NVIDIA's OpenCL driver returns it after an access outside a buffer. It has no name.</summary>
    private const CLError IllegalAccess = (CLError)(-9999);

    /// <summary>The name of the error if the device is lost; null for other errors.</summary>
    public static string? ErrorOf(Exception exception) => exception switch
    {
        DriverException driver => driver.Error,
        CudaException cuda when Enum.TryParse<CudaError>(cuda.Error, out var error) && IsLoss(error) => cuda.Error,
        CLException openCl when IsLoss(openCl.Error) => openCl.Error.ToString(),
        _ => null,
    };

    public static bool IsLoss(CudaError error) => error is
        CudaError.CUDA_ERROR_ILLEGAL_ADDRESS or CudaError.CUDA_ERROR_LAUNCH_FAILED or CudaError.CUDA_ERROR_LAUNCH_TIMEOUT or CudaError.CUDA_ERROR_ILLEGAL_INSTRUCTION
        or CudaError.CUDA_ERROR_MISALIGNED_ADDRESS or CudaError.CUDA_ERROR_INVALID_ADDRESS_SPACE or CudaError.CUDA_ERROR_INVALID_PC or CudaError.CUDA_ERROR_HARDWARE_STACK_ERROR
        or CudaError.CUDA_ERROR_ASSERT or CudaError.CUDA_ERROR_ECC_UNCORRECTABLE or CudaError.CUDA_ERROR_NVLINK_UNCORRECTABLE or CudaError.CUDA_ERROR_CONTEXT_IS_DESTROYED
        or CudaError.CUDA_ERROR_DEINITIALIZED or CudaError.CUDA_ERROR_NO_DEVICE or CudaError.CUDA_ERROR_UNKNOWN;

    public static bool IsLoss(CLError error) => error is
        CLError.CL_DEVICE_NOT_AVAILABLE or CLError.CL_INVALID_COMMAND_QUEUE or CLError.CL_INVALID_CONTEXT or CLError.CL_OUT_OF_RESOURCES or IllegalAccess;
}
