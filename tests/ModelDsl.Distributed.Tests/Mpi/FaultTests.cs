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

    /// <summary>The number of ranks that are killed under each launcher.</summary>
    private const int Kills = 25;

    /// <summary>The same in a developer's run.</summary>
    private const int FewKills = 3;

    private readonly TemporaryFolder folder = new();

    /// <summary>The numbers of ranks of jobs, and which of them is killed: each rank in turn.</summary>
    private static (int Ranks, int Rank)[] Victims { get; } = [(2, 1), (4, 0), (4, 3), (2, 0), (4, 2), (4, 1)];

    private static string Expected { get; } = $"result {Job.Checksum(Job.Run(folder: null).OnThreads(1))}";

    public void Dispose() => folder.Dispose();

    [MpiTheory]
    [MemberData(nameof(MpiTests.Launchers), MemberType = typeof(MpiTests))]
    public async Task Jobs_whose_ranks_are_killed_at_random_moments_continue_to_the_same_bits(string launcher)
    {
        var random = new Random(TestScale.Seed);
        var kills = TestScale.IsFast ? FewKills : TestScale.IsLong ? 4 * Kills : Kills;
        TestScale.Count($"killed ranks of {launcher}", FewKills, kills);
        for (int hits = 0, jobs = 0, runs = 0; hits < kills; jobs++)
        {
            Assert.True(jobs < 10 + (3 * kills), $"{TestScale.Described}: only {hits} of {jobs} jobs were killed before they had ended");
            var (ranks, rank) = Victims[hits % Victims.Length];
            var path = Path.Combine(folder.Path, $"{launcher}{runs}");
            var killed = await Kill(launcher, ranks, rank, path, TimeSpan.FromMilliseconds(random.Next(150)));
            if (killed.ExitCode == 0 || killed.HasResult)
            {
                // The run had ended before, which is no kill. The next job begins another run.
                Assert.True(!killed.HasResult || killed.Lines.Contains(Expected), $"{TestScale.Described}: {killed}");
                runs++;
                continue;
            }

            hits++;
            if (hits % 5 == 0 || hits == kills)
            {
                var result = await MpiJob.Run(launcher, 1 << random.Next(3), "train", path);
                Assert.True(result.Lines is [.., var last] && last == Expected, $"{TestScale.Described}: {result}");
                runs++;
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

    [MpiTheory(isStandard: true)]
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

    [MpiTheory]
    [MemberData(nameof(MpiTests.Launchers), MemberType = typeof(MpiTests))]
    public async Task A_job_that_is_stopped_as_a_whole_goes_on_when_it_is_continued(string launcher)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var job = MpiJob.Start(launcher, 2, "impatient", Path.Combine(folder.Path, launcher));
        var processes = await job.Processes(2);

        // Ranks wait for longer after the first steps, which took longer.
        await Task.Delay(TimeSpan.FromSeconds(0.3));
        foreach (var process in processes.Values)
            Signal(process, Stop);

        // Longer than the limit of this job, one second.
        await Task.Delay(TimeSpan.FromSeconds(3));
        foreach (var process in processes.Values)
            Signal(process, Continue);
        var result = await Ends(job);
        Assert.True(result.ExitCode == 0 && result.Lines[^1] == Expected, result.ToString());
    }

    private const int Continue = 18;

    private const int Stop = 19;

    private static async Task<JobResult> Ends(MpiJob job)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await job.End();
        var took = Stopwatch.GetElapsedTime(start);
        Assert.True(took < Soon, $"{took}: {result}");
        return result;
    }

    /// <summary>Kills a rank of a job some time after its first step, and waits until the others have ended.</summary>
    private static async Task<JobResult> Kill(string launcher, int ranks, int rank, string path, TimeSpan delay)
    {
        using var job = MpiJob.Start(launcher, ranks, "train", path, "2");
        var processes = await job.Processes(ranks);
        await Task.Delay(delay);
        try
        {
            if (processes.TryGetValue(rank, out var process))
                Process.GetProcessById(process).Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // The job was faster.
        }

        return await Ends(job);
    }

    private static void Signal(int process, int signal) => Assert.Equal(0, SendSignal(process, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
