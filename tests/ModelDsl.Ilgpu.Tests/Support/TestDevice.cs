namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>
/// The device that results are tested on: PoCL where it is installed, which compiles OpenCL kernels for the CPU, or else ILGPU's CPU accelerator, which every machine has and which is many times slower.
/// The environment variable <c>MODELDSL_TEST_DEVICE</c> names another: <c>cuda</c>, <c>opencl</c>, <c>pocl</c> or <c>cpu</c>.
/// </summary>
internal static class TestDevice
{
    private const string Variable = "MODELDSL_TEST_DEVICE";
    private const string Pocl = "Portable Computing Language";

    public static IlgpuDevice Create() => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => CreatePoclOrCpu(),
        "cuda" => IlgpuDevice.CreateCuda(),
        "opencl" => IlgpuDevice.CreateOpenCL(),
        "pocl" => IlgpuDevice.CreateOpenCL(Pocl),
        "cpu" => IlgpuDevice.CreateCpuAccelerator(),
        var other => throw new InvalidOperationException($"{Variable} is '{other}'; it must be cuda, opencl, pocl, cpu or left out."),
    };

    private static IlgpuDevice CreatePoclOrCpu()
    {
        try
        {
            return IlgpuDevice.CreateOpenCL(Pocl);
        }
        catch (InvalidOperationException)
        {
            return IlgpuDevice.CreateCpuAccelerator();
        }
    }
}
