using System.Diagnostics;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>The log of a driver, which ILGPU writes to the trace of the process.</summary>
public sealed class DriverLogTests
{
    [Fact]
    public void What_is_traced_meanwhile_is_in_the_log()
    {
        using (var log = new DriverLog())
        {
            Trace.WriteLine("PTX Kernel loading failed:");
            Trace.WriteLine("ptxas error: unknown symbol");
            Assert.Equal(" PTX Kernel loading failed:\nptxas error: unknown symbol", log.Text);
        }

        using var later = new DriverLog();
        Assert.Equal("", later.Text);
    }

    [Fact]
    public void What_other_threads_trace_is_not()
    {
        using var log = new DriverLog();
        var other = new Thread(static () => Trace.WriteLine("something else"));
        other.Start();
        other.Join();
        Assert.Equal("", log.Text);
    }
}
