using System.Buffers.Binary;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>What all threads of a launch do, from threads that are spread over its groups.</summary>
internal static class LaunchSample
{
    private const int MostThreads = 256;
    private const int LeastThreads = 24;

    /// <summary>After this number of instructions, a launch is not followed further than the least number of threads.</summary>
    private const long Budget = 1 << 21;

    // Multiples of these two fractions fill a square evenly.
    private const double GroupStep = 0.7548776662466927;
    private const double ThreadStep = 0.5698402909980532;

    /// <summary>Follows threads, and returns what all of them do.</summary>
    public static LaunchWork Of(KernelCode code, KernelLaunch launch)
    {
        var (counts, follower) = (new ThreadCounts(code.Steps.Count), new ThreadFollower(code, launch));
        var all = (long)launch.Groups * launch.Threads;
        var (followed, instructions) = (0, 0L);
        if (all <= MostThreads)
        {
            for (; followed < all; followed++)
                follower.Run(followed / launch.Threads, followed % launch.Threads, counts);
        }
        else
        {
            for (; followed < MostThreads && (followed < LeastThreads || instructions < Budget); followed++)
                instructions += follower.Run(Spread(followed, GroupStep, launch.Groups), Spread(followed, ThreadStep, launch.Threads), counts);
        }

        var scale = all / (double)followed;
        var bytes = Once(counts.Loaded, launch, scale) + Once(counts.Stored, launch, scale);
        return new([.. counts.Executed.Select(count => count * scale)], bytes, (counts.Loaded.Values.Sum() + counts.Stored.Values.Sum()) * scale, counts.Undecided);
    }

    private static int Spread(int number, double step, int count) => (int)((0.5 + (number * step)) % 1 * count);

    /// <summary>The bytes of the views that are used, each once; less if less than a whole view is used.</summary>
    private static double Once(Dictionary<int, long> used, KernelLaunch launch, double scale) =>
        used.Sum(pair => pair.Key < 0 ? pair.Value * scale : Math.Min(pair.Value * scale, ViewBytes(launch, pair.Key)));

    /// <summary>A view is an address and a number of elements of four bytes.</summary>
    private static double ViewBytes(KernelLaunch launch, int offset) =>
        BinaryPrimitives.ReadInt64LittleEndian(launch.Arguments.AsSpan(offset + sizeof(long))) * (double)sizeof(float);
}

/// <summary>The work of a launch.</summary>
/// <param name="Executed">How often each instruction is executed by all threads.</param>
/// <param name="Bytes">The bytes of the buffers that are read and written, each once.</param>
/// <param name="AccessedBytes">The bytes of all loads and stores.</param>
/// <param name="Undecided">The number of branches of followed threads whose condition is not known.</param>
internal sealed record LaunchWork(IReadOnlyList<double> Executed, double Bytes, double AccessedBytes, long Undecided)
{
    /// <summary>The floating-point operations.</summary>
    public double Flops(IReadOnlyList<InstructionKind> kinds) => Executed.Zip(kinds, static (count, kind) => count * InstructionKinds.Flops(kind)).Sum();

    /// <summary>The instructions that multiprocessors issue.</summary>
    public double Issued(IReadOnlyList<InstructionKind> kinds) => Executed.Zip(kinds, static (count, kind) => InstructionKinds.IsIssued(kind) ? count : 0).Sum();
}
