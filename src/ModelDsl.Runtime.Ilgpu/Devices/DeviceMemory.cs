namespace ModelDsl.Ilgpu;

/// <summary>Says of memory that is not there how much is needed, how much there is, and what would fit.</summary>
internal static class DeviceMemory
{
    /// <summary>Holds a need to what the device has to give.</summary>
    /// <param name="device">The device.</param>
    /// <param name="needed">Bytes.</param>
    /// <param name="what">What for.</param>
    /// <param name="advice">What else to say when there is too little, from the bytes there are.</param>
    /// <exception cref="InvalidOperationException">There is too little.</exception>
    public static void Check(IlgpuDevice device, long needed, string what, Func<long, string>? advice)
    {
        if (needed > device.AvailableBytes)
            throw Missing(device, needed, what, advice);
    }

    public static InvalidOperationException Missing(IlgpuDevice device, long needed, string what, Func<long, string>? advice)
    {
        var available = device.AvailableBytes;
        return new($"{what} needs {Sizes.Text(needed)} on {device.Accelerator.Name}, which has {Sizes.Text(available)} to give.{advice?.Invoke(available)}");
    }
}
