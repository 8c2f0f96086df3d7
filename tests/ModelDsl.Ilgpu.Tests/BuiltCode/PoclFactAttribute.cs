namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>A test that needs PoCL, which runs OpenCL kernels on CPUs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PoclFactAttribute : FactAttribute
{
    private const string Vendors = "/etc/OpenCL/vendors";

    public PoclFactAttribute()
    {
        if (!Directory.Exists(Vendors) || !Directory.EnumerateFiles(Vendors, "*.icd").Any(static file => File.ReadAllText(file).Contains("pocl", StringComparison.Ordinal)))
            Skip = "PoCL is not installed: apt-get install pocl-opencl-icd.";
    }
}
