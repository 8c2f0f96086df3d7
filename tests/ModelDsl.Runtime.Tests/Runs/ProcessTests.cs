using System.Diagnostics;
using System.Globalization;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>Runs in processes that are killed, that have no space left, or that want the same folder.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_process_that_is_killed_at_any_moment_loses_nothing_but_the_steps_since_its_checkpoint()
    {
        var random = new Random(TestScale.Seed);
        var kills = TestScale.Fewer("killed training processes", 10, 25);
        var result = $"result {Expected()}";
        for (int kill = 0, run = 0; kill < kills;)
        {
            var path = At($"run{run}");
            using var process = Start(path, everySteps: 1, milliseconds: 1);
            var line = await process.StandardOutput.ReadLineAsync();

            // Otherwise the run had ended before it was killed: on a busy machine a kill comes later.
            if (line == "started")
            {
                await Task.Delay(random.Next(60));
                process.Kill();
                await process.WaitForExitAsync();
                kill++;
                if (kill % 10 != 0 && kill < kills)
                    continue;
                line = await Finish(path);
            }

            Assert.Equal(result, line);
            run++;
        }
    }

    [Fact]
    public async Task Without_space_for_checkpoints_training_goes_on_and_keeps_the_last_one()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var path = At("run");
        var run = ChildProgram.Run(path, everySteps: 5);
        using (var source = new CancellationTokenSource())
            run.Fit(new Canceller(source) { Step = 23 }, source.Token);
        var kept = Files(path);

        // A limit of the length of files, which every file of a checkpoint exceeds.
        using var process = Start(path, everySteps: 5, milliseconds: 0, "trap '' XFSZ; ulimit -f 1; exec \"$@\"");
        var lines = await Lines(process);
        Assert.Equal($"result {Expected()}", lines[^1]);
        Assert.Contains(lines, line => line.StartsWith("warning The checkpoint after step 25 could not be saved: ", StringComparison.Ordinal)
            && line.EndsWith($"The last checkpoint is '{Path.Combine(path, "step-00000023")}'.", StringComparison.Ordinal));
        Assert.Equal(kept, Files(path));
        Assert.Equal($"result {Expected()}", await Finish(path));
    }

    [Fact]
    public async Task Two_processes_cannot_share_a_folder()
    {
        var path = At("run");
        using var first = Start(path, everySteps: 100, milliseconds: 20);
        Assert.Equal("started", await first.StandardOutput.ReadLineAsync());
        using (var second = Start(path, everySteps: 100, milliseconds: 0))
        {
            var line = Assert.Single(await Lines(second));
            Assert.StartsWith($"error '{path}' is already used by a run (process {first.Id} on ", line, StringComparison.Ordinal);
            Assert.EndsWith("set Checkpoint or RunFolder to another folder.", line, StringComparison.Ordinal);
        }

        first.Kill();
        await first.WaitForExitAsync();
    }

    private static string Expected() => ChildProgram.Checksum(ChildProgram.Run(folder: null, everySteps: 1).Fit());

    private static async Task<string> Finish(string path)
    {
        using var process = Start(path, everySteps: 50, milliseconds: 0);
        return (await Lines(process))[^1];
    }

    private static async Task<string[]> Lines(Process process)
    {
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text.ReplaceLineEndings("\n").TrimEnd().Split('\n');
    }

    private static Process Start(string path, int everySteps, int milliseconds, string? shell = null)
    {
        string[] command =
        [
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", typeof(ChildProgram).Assembly.Location,
            "train", path, everySteps.ToString(CultureInfo.InvariantCulture), milliseconds.ToString(CultureInfo.InvariantCulture),
        ];
        if (shell is not null)
            command = ["bash", "-c", shell, "bash", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };

        // Otherwise the runtime itself makes files that are larger than the limit.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    private static string Files(string path) => string.Join('\n', Directory.GetFiles(path, "*", SearchOption.AllDirectories)
        .Where(static file => Path.GetFileName(file) is not ("run.lock" or "best.safetensors")).Order().Select(static file => $"{file} {File.GetLastWriteTimeUtc(file):O}"));

    private string At(string name) => Path.Combine(folder.Path, name);
}
