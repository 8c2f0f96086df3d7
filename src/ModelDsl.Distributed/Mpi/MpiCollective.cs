using System.Globalization;

namespace ModelDsl.Distributed.Mpi;

/// <summary>The processes of an MPI job.</summary>
internal sealed unsafe class MpiCollective : Collective
{
    /// <summary>The number of floats that are added at a time.</summary>
    private const int Chunk = 1 << 22;

    /// <summary>The number of tests between two looks at the clock.</summary>
    private const int TestsPerLook = 64;

    /// <summary>The number of tests between two pauses while a backward pass computes.</summary>
    private const int TestsInBackground = 4;

    /// <summary>After this time, a wait leaves the processor to others.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(1);

    /// <summary>How long a rank that ends because of another one gives it time to print its error.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>How long a rank waits between its error and the end of the job: mpirun of MPICH may end before it has read what ranks have printed last.</summary>
    private static readonly TimeSpan Forwarding = TimeSpan.FromSeconds(0.5);

    private static int joined;
    private readonly MpiLibrary library;
    private bool isDisposed;

    private MpiCollective(MpiLibrary library) => (this.library, (Rank, Count)) = (library, library.Ranks());

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>Joins the job.</summary>
    /// <param name="launcher">The launcher.</param>
    /// <exception cref="DllNotFoundException">There is no MPI library.</exception>
    /// <exception cref="InvalidOperationException">The launcher belongs to another library, or this process has joined before.</exception>
    public static MpiCollective Join(MpiLauncher launcher)
    {
        if (Interlocked.Exchange(ref joined, 1) != 0)
            throw new InvalidOperationException("This process has joined its group before: call FromEnvironment once, and pass the group on.");
        var library = MpiLibrary.Load(launcher);
        library.Initialize();
        var group = new MpiCollective(library);
        if (group.Count != launcher.Ranks)
        {
            throw new InvalidOperationException(
                $"{launcher.Name} has started {launcher.Ranks} ranks, but {library.Name} sees {group.Count}: they belong to different MPIs. Use the mpirun of the library, or set MODELDSL_MPI to the library of mpirun.");
        }

        return group;
    }

    /// <inheritdoc/>
    public override void Abort(string reason)
    {
        Console.Error.WriteLine($"ModelDsl: {reason}");
        Console.Error.Flush();
        Thread.Sleep(Forwarding);
        library.Abort();
    }

    /// <inheritdoc/>
    public override void Abort(Exception exception)
    {
        // The process ends before its caller can print the stack trace.
        Console.Error.WriteLine(exception);
        base.Abort(exception);
    }

    /// <inheritdoc/>
    protected override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive, TimeSpan limit)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        fixed (byte* from = send, to = receive)
        {
            nint receiving = 0, sending = 0;
            if (receive.Length > 0)
                library.Receive(to, receive.Length, partner, &receiving);
            if (send.Length > 0)
                library.Send(from, send.Length, partner, &sending);
            var clock = new WaitClock();
            if (receive.Length > 0)
                Wait(&receiving, ref clock, limit, partner);
            if (send.Length > 0)
                Wait(&sending, ref clock, limit, partner);
        }
    }

    /// <inheritdoc/>
    protected override void SumInAnyOrder(Span<float> values, TimeSpan limit)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        fixed (float* all = values)
        {
            for (var at = 0; at < values.Length; at += Chunk)
            {
                nint request = 0;
                library.Sum(all + at, Math.Min(Chunk, values.Length - at), &request);
                var clock = new WaitClock();
                Wait(&request, ref clock, limit, partner: null);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !isDisposed)
            Finish();
        isDisposed = true;
        base.Dispose(disposing);
    }

    /// <summary>Leaves the job. MPI_Finalize waits without a limit, so all ranks must be about to call it.</summary>
    private void Finish()
    {
        var isLate = false;
        try
        {
            isLate = Leave();
        }
        catch (CollectiveException exception)
        {
            Abort(exception.Message);
        }

        library.Finish();

        // mpirun of Open MPI ends all processes as soon as one of them fails. The rank that has left first gets time to print its error.
        if (isLate)
            Thread.Sleep(Grace);
    }

    /// <inheritdoc/>
    protected override bool AllowsThreads => library.AllowsThreads;

    private void Wait(nint* request, ref WaitClock clock, TimeSpan limit, int? partner)
    {
        for (var tests = 1; !library.Test(request); tests++)
        {
            if (tests % TestsPerLook != 0)
                continue;
            var waited = clock.Look();
            if (waited > limit)
                Fail(limit, partner);
            if (waited > Busy)
                Thread.Sleep(1);
            else if (Pause())
                tests = TestsPerLook - TestsInBackground;
        }
    }

    private void Fail(TimeSpan limit, int? partner)
    {
        var seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        var message = partner is null
            ? $"The sum over the ranks was not complete on rank {Rank} after {seconds} s: a rank hangs, or takes too long (Collective.Timeout)."
            : $"Rank {partner} has not answered rank {Rank} for {seconds} s: it hangs, or takes too long (Collective.Timeout).";
        Abort(message);
        throw new CollectiveException(message);
    }
}
