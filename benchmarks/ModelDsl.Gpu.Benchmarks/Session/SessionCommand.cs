using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>The command that checks and measures everything on a device, within a time, and writes a report.</summary>
internal static class SessionCommand
{
    /// <summary>A part is not started if less time is left.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var kind = DeviceKinds.Option(DeviceKinds.OfIlgpu);
        var output = new Option<string>("--out") { Description = "The folder of the results.", DefaultValueFactory = _ => "gpu-session" };
        var minutes = new Option<double>("--minutes") { Description = "The time of the whole session. Parts that it is not enough for are ended or left out.", DefaultValueFactory = _ => 9.5 };
        var quick = new Option<bool>("--quick") { Description = "Small batches, short measurements and long limits, to rehearse on a CPU." };
        var python = new Option<string>("--python") { Description = "The Python program that has PyTorch.", DefaultValueFactory = _ => "python3" };
        var peer = new Option<string>("--peer") { Description = "The folder of gpu_peer.py.", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "peer") };
        var command = new Command("session", "Checks and measures everything on a device, each part in a process with a time limit, and writes report.md and results.jsonl.") { kind, output, minutes, quick, python, peer };
        command.SetAction(options =>
        {
            var plan = new SessionPlan(options.GetValue(kind)!, options.GetValue(quick), options.GetValue(python)!, options.GetValue(peer)!);
            return Run(plan, TimeSpan.FromMinutes(options.GetValue(minutes)), options.GetValue(output)!);
        });
        return command;
    }

    private static int Run(SessionPlan plan, TimeSpan time, string folder)
    {
        Directory.CreateDirectory(folder);
        var (report, results, start) = (Path.Combine(folder, "report.md"), new SessionResults(Path.Combine(folder, "results.jsonl")), Stopwatch.GetTimestamp());
        var (program, prefix) = ThisProgram();
        foreach (var part in plan.Parts(program, prefix))
        {
            var left = time - Stopwatch.GetElapsedTime(start);
            var outcome = left < Least ? new("left out: the time of the session was over", 0, "") : PartRunner.Run(part, part.Limit < left ? part.Limit : left, line => results.Add(part.Name, line));
            results.Add(part.Name, outcome);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds,5:0} s  {part.Name}: {outcome.Text}"));
            var kind = plan.IsQuick ? "GPU session, a rehearsal with small batches" : "GPU session";
            File.WriteAllText(report, SessionReport.Text(results, string.Create(CultureInfo.InvariantCulture, $"{kind}: {plan.Device}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s")));
        }

        foreach (var target in SessionTarget.All(results))
            Console.WriteLine($"{target.Verdict,12}  {target.Text}");
        Console.WriteLine($"Report: {report}");
        return results.Of("check") is { Count: > 0 } checks && checks.All(static line => (bool?)line["agrees"] == true) ? 0 : 1;
    }

    /// <summary>This program as a new process starts it: a host with the assembly, or the program itself.</summary>
    private static (string Program, IReadOnlyList<string> Prefix) ThisProgram()
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? (host, [typeof(SessionCommand).Assembly.Location]) : (host, []);
    }
}
