namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>
/// The device that results are tested on: ILGPU's CPU accelerator, which every machine has, or what the environment variable
/// <c>MODELDSL_TEST_DEVICE</c> names, <c>cuda</c> or <c>opencl</c>.
/// </summary>
internal static class TestDevice
{
    public static IlgpuDevice Create() => Environment.GetEnvironmentVariable("MODELDSL_TEST_DEVICE") switch
    {
        null or "" => IlgpuDevice.CreateCpuAccelerator(),
        "cuda" => IlgpuDevice.CreateCuda(),
        "opencl" => IlgpuDevice.CreateOpenCL(),
        var other => throw new InvalidOperationException($"MODELDSL_TEST_DEVICE is '{other}'; it must be cuda, opencl or left out."),
    };
}
