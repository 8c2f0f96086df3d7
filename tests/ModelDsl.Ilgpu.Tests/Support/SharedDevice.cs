namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>
/// One device for all tests that run kernels, one after the other: ILGPU's CPU accelerator has a thread of the system for each thread of a group, and several of them
/// at a time would only stand in each other's way.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedDevice : ICollectionFixture<SharedDevice>, IDisposable
{
    /// <summary>The name of the collection of those tests.</summary>
    public const string Name = "device";

    /// <summary>The device.</summary>
    public IlgpuDevice Device { get; } = TestDevice.Create();

    /// <inheritdoc/>
    public void Dispose() => Device.Dispose();
}
