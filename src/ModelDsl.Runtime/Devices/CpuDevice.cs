using System.Diagnostics;
using System.Runtime.Intrinsics;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Devices.Cpu;

namespace ModelDsl;

/// <summary>The CPU. Results have the same bits for any number of threads and any vector width.</summary>
/// <remarks>
/// <para>
/// Processors without fused multiply-adds (x86 before AVX2, or with AVX2 disabled) run the portable kernels, which round after the multiplication and after
/// the addition. Their results have the same bits for any number of threads and on all such processors. They differ in the last digits from results with fused
/// multiply-adds, and from results with a <see cref="VectorBits"/> of 256 or 512, which such a processor computes slowly in software. The same holds for a
/// program that is compiled ahead of time for an instruction set without fused multiply-adds.
/// </para>
/// <para>
/// Small steps run on the calling thread alone. Only one step at a time uses the threads of a device: when two models train at the same
/// time on one device, the second runs on its calling thread. The threads start when they are first needed.
/// </para>
/// </remarks>
public sealed class CpuDevice : Device
{
    /// <summary>Work of fewer operations, about 10 µs of one core, runs on the calling thread: more threads would cost more time than they save.</summary>
    private const long TogetherFlops = 1_000_000;

    /// <summary>An optimizer's pass over fewer floats, a few µs, runs on the calling thread.</summary>
    private const int TogetherFloats = 16 * 1024;

    /// <summary>
    /// Single predictions wake sleeping threads only for at least this much work, about 1 ms: waking takes long, and other requests need
    /// the cores too.
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

    /// <summary>Ends the threads of a device that was not disposed.</summary>
    ~CpuDevice() => Dispose(disposing: false);

    /// <summary>The widest vectors that this machine supports in hardware: 512, 256 or 128 bits.</summary>
    public static int BestVectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>The number of threads that a step may use, including the calling thread. The default is the number of processors.</summary>
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
    /// The width in bits of the vectors that kernels use: 512, 256 or 128. The default is the widest that the machine supports; wider ones work, slowly. A model that
    /// has no kernels for this width (the project's property <c>ModelDslVectorWidths</c>) runs those of the next narrower width.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 128, 256 or 512.</exception>
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

    /// <summary>Runs a phase of training.</summary>
    /// <param name="work">The work.</param>
    /// <param name="flops">The approximate number of floating-point operations.</param>
    internal void Run(IWork work, long flops) => Run(work, flops, flops >= TogetherFlops);

    /// <summary>Runs a pass over flat buffers.</summary>
    /// <param name="work">The work.</param>
    /// <param name="floats">The length of the buffers.</param>
    internal void RunPass(IWork work, int floats) => Run(work, floats, floats >= TogetherFloats);

    /// <summary>Runs an inference.</summary>
    /// <param name="work">The work.</param>
    /// <param name="flops">The approximate number of floating-point operations.</param>
    /// <param name="single">True for a single prediction, false for one of a series, as in evaluation.</param>
    internal void RunInference(IWork work, long flops, bool single) =>
        Run(work, flops, flops >= (single && team is not { IsAwake: true } ? WakeFlops : TogetherFlops));

    /// <inheritdoc/>
    /// <remarks>Models on the device continue to work, each on its calling thread. The shared device cannot be disposed.</remarks>
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
        if (together && threads > 1 && work.BackOff.TryTogether())
        {
            var begin = Stopwatch.GetTimestamp();
            if (Team().TryRun(work))
            {
                work.BackOff.Record(begin, size, threads);
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
