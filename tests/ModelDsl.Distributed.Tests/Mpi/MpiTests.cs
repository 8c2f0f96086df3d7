using System.Diagnostics;
using System.Globalization;
using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Distributed.Tests.Mpi;

/// <summary>Jobs of several processes under each MPI of the machine.</summary>
public sealed class MpiTests
{
    public static TheoryData<string> Launchers => [.. TestScale.Some("implementations of MPI", MpiJob.Installed, 2)];

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public async Task Two_and_four_processes_have_the_bits_of_one(string launcher)
    {
        var expected = $"result {Job.Checksum(Job.Run(folder: null).OnThreads(1))}";
        foreach (var ranks in (int[])[1, 2, 4])
        {
            var result = await MpiJob.Run(launcher, ranks, "train");
            Assert.True(result.ExitCode == 0, result.Output + result.Errors);
            Assert.Equal([expected], result.Lines);
        }
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public async Task The_sum_in_any_order_is_that_of_the_library(string launcher)
    {
        var result = await MpiJob.Run(launcher, 3, "any-order");
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.StartsWith("loss 2.", Assert.Single(result.Lines), StringComparison.Ordinal);
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public async Task An_exception_of_one_rank_ends_all_with_its_number_and_reason(string launcher)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await MpiJob.Run(launcher, 4, "throw", "2");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("ModelDsl: Rank 2 of 4 failed: InvalidDataException: the disk is gone", result.Errors, StringComparison.Ordinal);
        Assert.Contains("at ModelDsl.Distributed.Tests.Support.Program.Thrower.StepEnded", result.Errors, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public async Task A_rank_that_is_slower_than_the_others_is_named(string launcher)
    {
        var result = await MpiJob.Run(launcher, 2, "slow", "1");
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.StartsWith("warning Rank 1 takes ", Assert.Single(result.Lines), StringComparison.Ordinal);
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public async Task The_memory_of_the_rank_that_uses_most_is_known_to_the_root(string launcher)
    {
        var result = await MpiJob.Run(launcher, 2, "memory", "1");
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        var line = Assert.Single(result.Lines);
        Assert.StartsWith("memory ", line, StringComparison.Ordinal);

        // Rank 1 has 400 MB more.
        Assert.InRange(long.Parse(line["memory ".Length..], CultureInfo.InvariantCulture), 300_000_000, 500_000_000);
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public async Task A_rank_with_an_exception_before_training_can_leave_and_say_why(string launcher)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await MpiJob.Run(launcher, 4, "leave");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("error there is no data", result.Lines);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public async Task Ranks_that_train_differently_all_get_an_error_with_both_values(string launcher)
    {
        var result = await MpiJob.Run(launcher, 2, "mismatch");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal(2, result.Lines.Count(static line => line == "  the batch size is 32 per update, in 8 parts on rank 0, but 16 per update, in 8 parts on rank 1"));
    }
}
