using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>Runs a part in a process of its own: an error of the driver, a lost device or a part that hangs must not cost the results of the others.</summary>
internal static class PartRunner
{
    /// <summary>How long to wait for a process that was ended. A process that waits inside a driver may not end at all.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    /// <summary>Runs a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="limit">The time after which it is ended.</param>
    /// <param name="receive">Receives each line that it prints, as soon as it has printed it.</param>
    public static PartOutcome Run(SessionPart part, TimeSpan limit, Action<string> receive)
    {
        var (start, errors) = (Stopwatch.GetTimestamp(), new StringBuilder());
        using var process = new Process { StartInfo = new(part.Program, part.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        process.OutputDataReceived += (_, line) => Receive(line.Data, receive);
        process.ErrorDataReceived += (_, line) => Receive(line.Data, text => errors.Append(text).Append('\n'));
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new($"not there: {part.Program}", 0, exception.Message);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(limit))
        {
            // Waits for the last lines.
            process.WaitForExit();
            return Outcome(process.ExitCode == 0 ? PartOutcome.Done : string.Create(CultureInfo.InvariantCulture, $"failed with exit code {process.ExitCode}"));
        }

        process.Kill(entireProcessTree: true);
        process.WaitForExit(Ending);
        return Outcome(string.Create(CultureInfo.InvariantCulture, $"ended after its limit of {limit.TotalSeconds:0} s"));

        PartOutcome Outcome(string text)
        {
            lock (errors)
                return new(text, Stopwatch.GetElapsedTime(start).TotalSeconds, errors.ToString());
        }

        void Receive(string? line, Action<string> use)
        {
            if (line is null)
                return;
            lock (errors)
                use(line);
        }
    }
}
