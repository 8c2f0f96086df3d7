using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Distributed.Tests.Mpi;

/// <summary>Ranks that die or hang end the job soon, and the next one continues from the last checkpoint, on another number of ranks too.</summary>
public sealed partial class FaultTests : IDisposable
{
    /// <summary>The limit for a job to end: ten seconds, and the start of a process on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder folder = new();

    private static string Expected { get; } = $"result {Job.Checksum(Job.Run(folder: null).OnThreads(1))}";

    public void Dispose() => folder.Dispose();

    [MpiFact]
    public async Task Jobs_whose_ranks_are_killed_at_random_moments_continue_to_the_same_bits()
    {
        var random = new Random(TestScale.Seed);
        var kills = TestScale.Of("killed ranks", 5);
        for (var kill = 0; kill < kills; kill++)
        {
            var launcher = MpiJob.Installed[kill % MpiJob.Installed.Length];
            var ranks = 2 << random.Next(2);
            var path = Path.Combine(folder.Path, $"run{kill / 5}");
            using (var job = MpiJob.Start(launcher, ranks, "train", path, "2"))
            {
                var processes = await job.Processes(ranks);
                await Task.Delay(random.Next(150));
                if (processes.Count == ranks)
                    Kill(processes[kill % ranks]);
                await Ends(job);
            }

            if (kill % 5 == 4 || kill == kills - 1)
            {
                var result = await MpiJob.Run(launcher, 1 << random.Next(3), "train", path);
                Assert.True(result.Lines is [.., var last] && last == Expected, $"{TestScale.Described}: {result}");
            }
        }
    }

    [MpiTheory]
    [MemberData(nameof(MpiTests.Launchers), MemberType = typeof(MpiTests))]
    public async Task A_rank_that_hangs_ends_all_with_its_number(string launcher)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var job = MpiJob.Start(launcher, 4, "train", Path.Combine(folder.Path, launcher), "20");
        var processes = await job.Processes(4);
        Assert.Equal(4, processes.Count);
        Signal(processes[2], Stop);
        var result = await Ends(job);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("ModelDsl: Rank 2 has not answered rank ", result.Errors, StringComparison.Ordinal);
    }

    [MpiTheory]
    [MemberData(nameof(MpiTests.Launchers), MemberType = typeof(MpiTests))]
    public async Task A_root_that_hangs_while_it_saves_ends_all_with_its_number(string launcher)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var job = MpiJob.Start(launcher, 2, "save-slowly", Path.Combine(folder.Path, launcher));
        var processes = await job.Processes(1);

        // Longer than the limit of this job, three seconds: a root that works is not ended.
        await Task.Delay(TimeSpan.FromSeconds(5));
        Assert.False(job.HasEnded);
        Signal(processes[0], Stop);
        var result = await Ends(job);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("ModelDsl: Rank 0 has not answered rank 1 for ", result.Errors, StringComparison.Ordinal);
    }

    private const int Stop = 19;

    private static async Task<JobResult> Ends(MpiJob job)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await job.End();
        var took = Stopwatch.GetElapsedTime(start);
        Assert.True(took < Soon, $"{took}: {result}");
        return result;
    }

    private static void Kill(int process)
    {
        try
        {
            Process.GetProcessById(process).Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // The job was faster.
        }
    }

    private static void Signal(int process, int signal) => Assert.Equal(0, SendSignal(process, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
