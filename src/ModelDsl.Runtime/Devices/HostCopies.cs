using ModelDsl.Devices.Cpu;

namespace ModelDsl.Devices;

/// <summary>
/// Copies of parameters and gradients in main memory, for passes that a device does not have itself: their ranges are copied from the device, and the parameters back. The results have the bits of
/// those on CPUs for the same gradients.
/// </summary>
internal sealed class HostCopies
{
    private readonly DeviceModel model;
    private readonly int start;
    private readonly int length;

    /// <summary>Allocates the copies.</summary>
    /// <param name="model">The model on its device.</param>
    /// <param name="segments">One contiguous range of trainable parameters.</param>
    public HostCopies(DeviceModel model, UpdateSegment[] segments)
    {
        this.model = model;
        (start, length) = segments.Length == 0 ? (0, 0) : (segments[0].Start, segments[^1].Start + segments[^1].Length - segments[0].Start);
        Parameters = new CpuBuffer(start + length, "A copy of parameters");
        Gradients = new CpuBuffer(start + length, "A copy of gradients");
    }

    /// <summary>The copy of the parameters, at the positions of the device's buffer.</summary>
    public CpuBuffer Parameters { get; }

    /// <summary>The copy of the gradients, at the positions of the device's buffer.</summary>
    public CpuBuffer Gradients { get; }

    /// <summary>Copies parameters and gradients from the device.</summary>
    public void Read()
    {
        model.Parameters.Read(start, Parameters.Span.Slice(start, length));
        model.Gradients.Read(start, Gradients.Span.Slice(start, length));
    }

    /// <summary>Copies the parameters to the device.</summary>
    public void Write() => model.Parameters.Write(start, Parameters.Span.Slice(start, length));
}

/// <summary>A pass of <see cref="Lamb"/> in main memory.</summary>
/// <param name="copies">The copies of parameters and gradients.</param>
/// <param name="segments">The trainable parameters, a segment for each.</param>
internal sealed class HostLambPass(HostCopies copies, UpdateSegment[] segments) : LambPass
{
    private readonly CpuLambPass pass = new((CpuDevice)Device.Cpu, copies.Parameters, copies.Gradients, segments);

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceBuffer> States => pass.States;

    /// <inheritdoc/>
    public override void Run(in LambScalars scalars, GradientClip clip)
    {
        pass.Segments = Segments;
        copies.Read();
        pass.Run(in scalars, clip);
        copies.Write();
    }
}

/// <summary>A pass of <see cref="Adafactor"/> in main memory.</summary>
/// <param name="copies">The copies of parameters and gradients.</param>
/// <param name="description">The description of the model.</param>
/// <param name="segments">The trainable parameters, a segment for each.</param>
internal sealed class HostAdafactorPass(HostCopies copies, Compiled.ModelDescription description, UpdateSegment[] segments) : AdafactorPass
{
    private readonly CpuAdafactorPass pass = new((CpuDevice)Device.Cpu, copies.Parameters, copies.Gradients, description, segments);

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceBuffer> States => pass.States;

    /// <inheritdoc/>
    public override void Run(in AdafactorScalars scalars, GradientClip clip)
    {
        pass.Segments = Segments;
        copies.Read();
        pass.Run(in scalars, clip);
        copies.Write();
    }

    internal override void Save(CheckpointWriter writer) => pass.Save(writer);

    internal override void Restore(CheckpointReader reader) => pass.Restore(reader);
}
