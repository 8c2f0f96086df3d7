using System.Diagnostics;
using System.Globalization;

namespace ModelDsl.Distributed.Tests.Mpi;

/// <summary>A job of the test program under <c>mpirun</c>.</summary>
internal sealed class MpiJob : IDisposable
{
    private const string Open = "mpirun.openmpi";
    private const string Mpich = "mpirun.mpich";

    private readonly Process process;

    private MpiJob(Process process) => this.process = process;

    /// <summary>The launchers on the machine.</summary>
    public static string[] Installed { get; } = [.. new[] { Open, Mpich }.Where(static name => Find(name) is not null)];

    /// <summary>Whether the job has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Starts a job.</summary>
    /// <param name="launcher">The name of the launcher.</param>
    /// <param name="ranks">The number of ranks.</param>
    /// <param name="arguments">The arguments of the program.</param>
    public static MpiJob Start(string launcher, int ranks, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(launcher)!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] options = launcher == Open ? ["--oversubscribe", "--mca", "mpi_yield_when_idle", "1"] : [];
        foreach (var argument in (string[])[.. options, "-np", ranks.ToString(CultureInfo.InvariantCulture), Environment.ProcessPath!, typeof(MpiJob).Assembly.Location, .. arguments])
            start.ArgumentList.Add(argument);

        // Open MPI gives its ranks a terminal, on which .NET writes escape sequences.
        start.Environment["TERM"] = "dumb";

        // Tests may run in a container, as root.
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1";
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        return new MpiJob(Process.Start(start)!);
    }

    /// <summary>Runs a job to its end.</summary>
    public static async Task<JobResult> Run(string launcher, int ranks, params string[] arguments)
    {
        using var job = Start(launcher, ranks, arguments);
        return await job.End();
    }

    /// <summary>Reads the lines in which the ranks announce their processes.</summary>
    /// <returns>The process of each rank; fewer if the job has ended.</returns>
    public async Task<Dictionary<int, int>> Processes(int ranks)
    {
        var processes = new Dictionary<int, int>();
        while (processes.Count < ranks && await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["rank", var rank, "process", var id])
                processes.Add(int.Parse(rank, CultureInfo.InvariantCulture), int.Parse(id, CultureInfo.InvariantCulture));
        }

        return processes;
    }

    /// <summary>Waits for the end of the job.</summary>
    public async Task<JobResult> End()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new JobResult(process.ExitCode, output, await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>How a job has ended.</summary>
internal sealed record JobResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Whether the root has printed a result.</summary>
    public bool HasResult => Lines.Any(static line => line.StartsWith("result ", StringComparison.Ordinal));

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
