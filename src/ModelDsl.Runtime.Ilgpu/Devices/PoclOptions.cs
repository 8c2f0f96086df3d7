using System.Runtime.InteropServices;

namespace ModelDsl.Ilgpu;

/// <summary>
/// Options for PoCL, which runs OpenCL kernels on CPUs for tests. If barriers are within conditions, the optimizer of PoCL 3.1 changes what kernels compute: sums of joint kernels were wrong, and without the optimizer all are right.
/// </summary>
internal static partial class PoclOptions
{
    private const string Variable = "POCL_EXTRA_BUILD_FLAGS";

    /// <summary>Turns the optimizer off, unless the user has chosen flags. Other drivers do not read the variable.</summary>
    public static void Set()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Variable) is not null)
            return;
        _ = SetVariable(Variable, "-cl-opt-disable", 1);
    }

    // Environment.SetEnvironmentVariable does not change what native libraries read.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
