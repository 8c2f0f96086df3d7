using System.Diagnostics;
using System.Runtime.Intrinsics;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Devices.Cpu;

namespace ModelDsl;

/// <summary>The CPU. Results are the same bits for any number of threads and any vector width; only the time differs.</summary>
/// <remarks>
/// <para>
/// Processors without fused multiply-adds (x86 before AVX2, or with AVX2 disabled) run the portable kernels, which multiply and add there with a rounding
/// each: results are again the same bits for any number of threads and on all such processors, but differ in the last digits from those with fused
/// multiply-adds, and from a <see cref="VectorBits"/> of 256 or 512, which is then computed in software and slowly. The same holds for a program compiled
/// ahead of time for an instruction set without them.
/// </para>
/// <para>
/// Small steps run on the calling thread alone. One step at a time uses the threads of a device: of two models that train at the same
/// time on one device, the second runs on its calling thread. Threads start when they are first needed.
/// </para>
/// </remarks>
public sealed class CpuDevice : Device
{
    /// <summary>Below so much work, sharing it out costs more than it gains: about 10 µs of one core.</summary>
    private const long TogetherFlops = 1_000_000;

    /// <summary>Below so many floats, an optimizer's pass runs on the calling thread: a few µs.</summary>
    private const int TogetherFloats = 16 * 1024;

    /// <summary>
    /// Single predictions wake sleeping threads only for so much work, about 1 ms: waking takes long, and other requests want the cores
    /// too.
    /// </summary>
    private const long WakeFlops = 100_000_000;

    private readonly bool shared;
    private readonly int threads;
    private readonly int vectorBits;
    private ThreadTeam? team;
    private volatile bool disposed;

    /// <summary>Creates a CPU device with its own threads.</summary>
    public CpuDevice()
        : this(shared: false)
    {
    }

    private CpuDevice(bool shared)
    {
        this.shared = shared;
        threads = Environment.ProcessorCount;
        vectorBits = BestVectorBits;
    }

    /// <summary>Ends the threads of a device that was forgotten.</summary>
    ~CpuDevice() => Dispose(disposing: false);

    /// <summary>The widest vectors this machine computes with in hardware: 512, 256 or 128 bits.</summary>
    public static int BestVectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Number of threads a step may use, the calling one included; the number of processors by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or greater than 256.</exception>
    public int Threads
    {
        get => threads;
        init
        {
            if (value is < 1 or > 256)
                throw ArgumentCheck.Out(nameof(Threads), value, "from 1 to 256");
            threads = value;
        }
    }

    /// <summary>
    /// Width of the vectors kernels compute with: 512, 256 or 128; by default the widest the machine has. Wider ones work, slowly. A model without kernels
    /// for a width (the project's property <c>ModelDslVectorWidths</c>) runs those of the next narrower one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is another.</exception>
    public int VectorBits
    {
        get => vectorBits;
        init
        {
            if (value is not (512 or 256 or 128))
                throw ArgumentCheck.Out(nameof(VectorBits), value, "512, 256 or 128");
            vectorBits = value;
        }
    }

    /// <inheritdoc/>
    public override string Name => $"CPU, {(Threads == 1 ? "1 thread" : $"{Threads} threads")}, {VectorBits}-bit vectors";

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The device was disposed.</exception>
    /// <exception cref="NotSupportedException">The model was compiled without kernels for CPUs.</exception>
    public override DeviceModel Load(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ObjectDisposedException.ThrowIf(disposed, this);
        var program = CreateProgram<CpuProgram>(model, VectorBits) ?? throw new NotSupportedException($"{model.Description.Name} was compiled without kernels for CPUs.");
        return new CpuModel(this, model.Description, program);
    }

    internal static CpuDevice CreateShared() => new(shared: true);

    /// <summary>Carries out a phase of training.</summary>
    /// <param name="work">The work.</param>
    /// <param name="flops">About how many floating-point operations it is.</param>
    internal void Run(IWork work, long flops) => Run(work, flops, flops >= TogetherFlops);

    /// <summary>Carries out a pass over flat buffers.</summary>
    /// <param name="work">The work.</param>
    /// <param name="floats">How long they are.</param>
    internal void RunPass(IWork work, int floats) => Run(work, floats, floats >= TogetherFloats);

    /// <summary>Carries out an inference.</summary>
    /// <param name="work">The work.</param>
    /// <param name="flops">About how many floating-point operations it is.</param>
    /// <param name="single">Whether it is a prediction by itself rather than one of a series, as in evaluation.</param>
    internal void RunInference(IWork work, long flops, bool single) =>
        Run(work, flops, flops >= (single && team is not { IsAwake: true } ? WakeFlops : TogetherFlops));

    /// <inheritdoc/>
    /// <remarks>Models on the device go on working, on their calling threads. The shared device stays as it is.</remarks>
    protected override void Dispose(bool disposing)
    {
        if (!shared)
        {
            disposed = true;
            team?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Run(IWork work, long size, bool together)
    {
        if (together && threads > 1 && work.Pace.TryTogether())
        {
            var begin = Stopwatch.GetTimestamp();
            if (Team().TryRun(work))
            {
                work.Pace.Record(begin, size, threads);
                return;
            }
        }

        work.Run(Compiled.Worker.Single);
    }

    private ThreadTeam Team()
    {
        if (team is { } ready)
            return ready;
        Interlocked.CompareExchange(ref team, new ThreadTeam(threads), null);
        return team;
    }
}
