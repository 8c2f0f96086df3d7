namespace ModelDsl.Ilgpu.Kernels;

/// <summary>A call of the driver failed because the device is lost.</summary>
/// <param name="error">The name of the error.</param>
internal sealed class DriverException(string error) : Exception(error)
{
    /// <summary>The name of the error.</summary>
    public string Error { get; } = error;
}
