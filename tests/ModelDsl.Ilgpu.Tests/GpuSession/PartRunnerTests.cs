using ModelDsl.Benchmarks.Gpu.Session;

namespace ModelDsl.Ilgpu.Tests.GpuSession;

/// <summary>Parts of a session: processes with a time limit.</summary>
public sealed class PartRunnerTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    [ShellFact]
    public void A_part_that_ends_well_is_done_and_its_lines_are_received()
    {
        var lines = new List<string>();
        var outcome = PartRunner.Run(Shell("echo one; echo two; echo three >&2"), Enough, lines.Add);
        Assert.Equal(PartOutcome.Done, outcome.Text);
        Assert.Equal(["one", "two"], lines);
        Assert.Equal("three\n", outcome.Errors);
    }

    [ShellFact]
    public void A_part_that_fails_keeps_its_lines_and_its_exit_code()
    {
        var lines = new List<string>();
        Assert.Equal("failed with exit code 3", PartRunner.Run(Shell("echo one; exit 3"), Enough, lines.Add).Text);
        Assert.Equal(["one"], lines);
    }

    [ShellFact]
    public void A_part_that_hangs_is_ended_with_its_children_and_keeps_its_lines()
    {
        var lines = new List<string>();
        var outcome = PartRunner.Run(Shell("echo one; sleep 300 & wait"), TimeSpan.FromSeconds(1), lines.Add);
        Assert.Equal("ended after its limit of 1 s", outcome.Text);
        Assert.InRange(outcome.Seconds, 1, 60);
        Assert.Equal(["one"], lines);
    }

    [Fact]
    public void A_program_that_is_not_there_is_not_an_error_of_the_session() =>
        Assert.Equal("not there: no-such-program-of-modeldsl", PartRunner.Run(new("absent", Enough, "no-such-program-of-modeldsl", []), Enough, static _ => { }).Text);

    private static SessionPart Shell(string command) => new("test", Enough, "/bin/sh", ["-c", command]);

    /// <summary>A test that needs a shell.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ShellFactAttribute : FactAttribute
    {
        public ShellFactAttribute()
        {
            if (!File.Exists("/bin/sh"))
                Skip = "There is no /bin/sh.";
        }
    }
}
