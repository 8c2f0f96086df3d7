using System.Runtime.CompilerServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// The pass of <see cref="Adafactor"/>: means over rows and columns; the norms of the updates; the parameters. Each mean is computed by one worker, and norms are sums of chunks of a fixed length, so the
/// bits do not depend on the number of threads. Nothing as large as a parameter is stored: updates are computed twice.
/// </summary>
internal sealed unsafe class CpuAdafactorPass : AdafactorPass, IWork
{
    private readonly CpuDevice device;
    private readonly FactoredKernels kernels;
    private readonly Dictionary<int, FactoredTensor> tensors;
    private IReadOnlyList<UpdateSegment> listed = [];
    private FactoredTensor[] selected = [];
    private int floats;
    private AdafactorScalars scalars;

    /// <summary>Allocates the states.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="description">The description of the model.</param>
    /// <param name="segments">The trainable parameters, a segment for each.</param>
    public CpuAdafactorPass(CpuDevice device, CpuBuffer parameters, CpuBuffer gradients, ModelDescription description, UpdateSegment[] segments)
    {
        this.device = device;
        Segments = segments;
        kernels = new FactoredKernels(parameters, gradients);
        tensors = segments.ToDictionary(
            static segment => segment.FirstParameter, segment => new FactoredTensor(description.Parameters[segment.FirstParameter], segment.WeightDecay));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceBuffer> States => [];

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <inheritdoc/>
    public override void Run(in AdafactorScalars scalars, GradientClip clip)
    {
        if (!ReferenceEquals(listed, Segments))
        {
            selected = [.. Segments.Select(segment => tensors[segment.FirstParameter])];
            floats = selected.Sum(static tensor => tensor.Length);
            listed = Segments;
        }

        this.scalars = scalars;
        kernels.Clip = clip;
        kernels.LeastSquare = (float)(scalars.Epsilon1 * scalars.Epsilon1);
        device.RunPass(this, floats);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Run(Worker worker)
    {
        switch (device.VectorBits)
        {
            case 512:
                Run<Lanes16>(worker);
                break;
            case 256:
                Run<Lanes8>(worker);
                break;
            default:
                Run<Lanes4>(worker);
                break;
        }
    }

    internal override void Save(CheckpointWriter writer)
    {
        foreach (var tensor in tensors.Values)
            tensor.Save(writer);
    }

    internal override void Restore(CheckpointReader reader)
    {
        foreach (var tensor in tensors.Values)
            tensor.Restore(reader);
    }

    private void Run<TLanes>(Worker worker)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (var tensor in selected)
        {
            for (var unit = worker.From(tensor.LaneUnits); unit < worker.To(tensor.LaneUnits); unit++)
                kernels.AverageLanes<TLanes>(tensor, unit, scalars.Share);
            for (var chunk = worker.From(tensor.Chunks); chunk < worker.To(tensor.Chunks); chunk++)
                kernels.AverageLines<TLanes>(tensor, chunk, scalars.Share);
        }

        worker.Barrier();
        if (worker.Index == 0)
        {
            foreach (var tensor in selected)
                tensor.Invert(scalars.Epsilon1);
        }

        worker.Barrier();
        foreach (var tensor in selected)
        {
            for (var chunk = worker.From(tensor.Chunks); chunk < worker.To(tensor.Chunks); chunk++)
                kernels.SumUpdates<TLanes>(tensor, chunk);
        }

        worker.Barrier();
        if (worker.Index == 0)
        {
            foreach (var tensor in selected)
                SetStep(tensor);
        }

        worker.Barrier();
        foreach (var tensor in selected)
        {
            var keep = (float)(1 - (scalars.LearningRate * tensor.WeightDecay));
            for (var chunk = worker.From(tensor.Chunks); chunk < worker.To(tensor.Chunks); chunk++)
                kernels.Update<TLanes>(tensor, chunk, keep);
        }
    }

    private void SetStep(FactoredTensor tensor)
    {
        var (ofParameter, ofUpdate) = (0.0, 0.0);
        for (var chunk = 0; chunk < tensor.Chunks; chunk++)
            (ofParameter, ofUpdate) = (ofParameter + tensor.ParameterSums[chunk], ofUpdate + tensor.UpdateSums[chunk]);
        var size = Math.Max(scalars.Epsilon2, Math.Sqrt(ofParameter / tensor.Length)) * scalars.Rate;
        tensor.Step = (float)(size / Math.Max(1, Math.Sqrt(ofUpdate / tensor.Length) / scalars.Threshold));
    }
}
