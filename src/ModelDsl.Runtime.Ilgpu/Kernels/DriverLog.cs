using System.Diagnostics;
using System.Text;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>Collects what ILGPU traces on this thread: the log of a driver that refuses a kernel is there and in no exception.</summary>
internal sealed class DriverLog : TraceListener
{
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly StringBuilder text = new();

    /// <summary>Starts to collect.</summary>
    public DriverLog() => Trace.Listeners.Add(this);

    /// <summary>The log after a space; empty if there is none.</summary>
    public string Text => text.ToString().Trim('\0', ' ', '\r', '\n') is { Length: > 0 } log ? " " + log : "";

    /// <inheritdoc/>
    public override void Write(string? message)
    {
        if (Environment.CurrentManagedThreadId == thread)
            text.Append(message);
    }

    /// <inheritdoc/>
    public override void WriteLine(string? message) => Write(message + "\n");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Trace.Listeners.Remove(this);
        base.Dispose(disposing);
    }
}
