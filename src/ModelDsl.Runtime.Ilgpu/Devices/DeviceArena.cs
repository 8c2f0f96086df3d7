using ILGPU.Runtime;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>The memory of a plan on the device, with host memory for the values that are read back.</summary>
internal sealed class DeviceArena : IDisposable
{
    private const int SampleAlignment = 16;
    private const int LargestCapacity = int.MaxValue / SampleAlignment * SampleAlignment;

    private readonly IlgpuDevice device;
    private readonly ModelDescription description;
    private readonly PlanDescription plan;
    private readonly IlgpuBuffer withoutBatch;
    private readonly long columnFloats;
    private IlgpuBuffer? batched;
    private float[] host = [];

    /// <summary>Creates an arena without room for samples.</summary>
    /// <param name="device">The device.</param>
    /// <param name="description">The model.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="columnSets">The number of sets of columns.</param>
    public DeviceArena(IlgpuDevice device, ModelDescription description, PlanDescription plan, int columnSets)
    {
        this.device = device;
        this.description = description;
        this.plan = plan;
        withoutBatch = new IlgpuBuffer(device, plan.FixedFloats, $"The work space of {description.Name}");
        columnFloats = columnSets * description.Inputs.Concat(description.Targets).Sum(static column => (long)column.Length);
    }

    /// <summary>The number of samples that fit, a multiple of 16.</summary>
    public int Capacity { get; private set; }

    /// <summary>Values with a batch axis.</summary>
    public IlgpuBuffer Batched => batched!;

    /// <summary>Values without a batch axis.</summary>
    public IlgpuBuffer Fixed => withoutBatch;

    /// <summary>Makes room for a number of samples. When the arena grows, its old values are lost.</summary>
    /// <param name="samples">The number of samples.</param>
    /// <param name="growColumns">Makes room for the columns of that number of samples.</param>
    /// <exception cref="InvalidOperationException">The device has not enough memory; the message says how much is needed and what would fit.</exception>
    public void EnsureCapacity(int samples, Action<int> growColumns)
    {
        if (samples <= Capacity)
            return;
        batched?.Dispose();
        (batched, Capacity) = (null, 0);
        var what = $"The work space of {description.Name} for {samples} samples";
        DeviceMemory.Check(device, (long)Int128.Min(long.MaxValue, (Int128)(plan.BatchedFloats + columnFloats) * PaddedLong(samples) * sizeof(float)), what, Advice);
        if (samples > LargestCapacity)
            throw new InvalidOperationException($"{what} would be too large: a batch has at most {LargestCapacity:N0} samples. Use smaller batches.");
        var capacity = Padded(samples);
        batched = new IlgpuBuffer(device, (long)plan.BatchedFloats * capacity, what, Advice);
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            try
            {
                growColumns(capacity);
            }
            catch (AcceleratorException exception) when (DeviceLoss.ErrorOf(exception) is null)
            {
                batched.Dispose();
                batched = null;
                throw DeviceMemory.Missing(device, columnFloats * capacity * sizeof(float), $"The columns of {samples} samples of {description.Name}", Advice);
            }
        }

        Capacity = capacity;
    }

    /// <summary>The capacity that a step uses for a number of samples.</summary>
    /// <param name="samples">The number of samples.</param>
    public static int Padded(int samples) => (int)PaddedLong(samples);

    private static long PaddedLong(int samples) => ((long)samples + SampleAlignment - 1) / SampleAlignment * SampleAlignment;

    /// <summary>Reads a value with a batch axis.</summary>
    /// <param name="offset">The offset in floats per sample.</param>
    /// <param name="capacity">The capacity of the step that wrote it.</param>
    /// <param name="length">The number of floats.</param>
    public ReadOnlySpan<float> Read(int offset, int capacity, int length)
    {
        if (host.Length < length)
            host = new float[length];
        var destination = host.AsSpan(0, length);
        Batched.Read(checked(offset * capacity), destination);
        return destination;
    }

    /// <summary>Reads a value without a batch axis.</summary>
    /// <param name="offset">The offset.</param>
    public float ReadFixed(int offset)
    {
        Span<float> value = stackalloc float[1];
        Fixed.Read(offset, value);
        return value[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        batched?.Dispose();
        withoutBatch.Dispose();
    }

    private string Advice(long available)
    {
        var samples = available / sizeof(float) / Math.Max(1, plan.BatchedFloats + columnFloats) / SampleAlignment * SampleAlignment;
        return samples > 0 ? $" The largest batch that fits is {samples}." : " Not even a batch of 1 fits.";
    }
}
