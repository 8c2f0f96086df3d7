namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>
/// The device that results are tested on: ILGPU's CPU accelerator, which every machine has, or what the environment variable <c>MODELDSL_TEST_DEVICE</c> names: <c>cuda</c>, <c>opencl</c>, or
/// <c>pocl</c>, which runs compiled OpenCL kernels on the CPU and which <c>.ci/run</c> chooses where it is installed. PoCL takes a third of a second to compile a kernel that it has never seen.
/// </summary>
internal static class TestDevice
{
    private const string Variable = "MODELDSL_TEST_DEVICE";

    /// <summary>Whether the device runs compiled kernels, not managed code.</summary>
    public static bool RunsCompiledKernels => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    public static IlgpuDevice Create() => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => IlgpuDevice.CreateCpuAccelerator(),
        "cuda" => IlgpuDevice.CreateCuda(),
        "opencl" => IlgpuDevice.CreateOpenCL(),
        "pocl" => IlgpuDevice.CreateOpenCL("Portable Computing Language"),
        var other => throw new InvalidOperationException($"{Variable} is '{other}'; it must be cuda, opencl, pocl or left out."),
    };
}
