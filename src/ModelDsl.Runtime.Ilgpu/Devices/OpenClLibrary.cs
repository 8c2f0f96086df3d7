using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace ModelDsl.Ilgpu;

/// <summary>
/// Finds the system's OpenCL library for ILGPU. ILGPU imports <c>OpenCL</c>, which on Linux means the file <c>libOpenCL.so</c>. Only development packages install it under this name;
/// the library that drivers and their users share is <c>libOpenCL.so.1</c>.
/// </summary>
internal static class OpenClLibrary
{
    private const string ImportName = "OpenCL";
    private const string LinuxName = "libOpenCL.so.1";
    private static readonly string[] Names = [LinuxName, "libOpenCL.so", "OpenCL.dll"];

    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>Whether the library can be loaded.</summary>
    public static bool IsInstalled => Names.Any(static name => NativeLibrary.TryLoad(name, out _));

    /// <summary>Makes ILGPU find the library under both names, from the first call.</summary>
    public static void Find() => _ = Registered.Value;

    private static bool Register()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The application has a resolver of its own for ILGPU's libraries.
            return false;
        }
    }

    /// <summary>Returns zero for all other libraries and names, which are then searched as usual.</summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        OperatingSystem.IsLinux() && name.Equals(ImportName, StringComparison.OrdinalIgnoreCase) && NativeLibrary.TryLoad(LinuxName, out var handle) ? handle : 0;
}
