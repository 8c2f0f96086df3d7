using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Devices;

/// <summary>Numbers that are copied between arrays and the memory of the device.</summary>
[Collection(SharedDevice.Name)]
public class BufferTests(SharedDevice shared)
{
    private const int Length = 4096;

    /// <summary>On PoCL, a copy that does not pin its array can give wrong numbers here.</summary>
    [Fact]
    public async Task Copies_are_complete_while_the_garbage_collector_moves_arrays()
    {
        using var buffer = new IlgpuBuffer(shared.Device, Length, "A buffer of this test");
        using var end = new CancellationTokenSource();
        var collections = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
                GC.Collect(0);
        });
        try
        {
            for (var round = 0; round < 3000; round++)
            {
                // New arrays, which the next collection moves.
                var written = new float[Length];
                Array.Fill(written, round);
                buffer.Write(0, written);
                var read = new float[Length];
                buffer.Read(0, read);
                Assert.True(Array.TrueForAll(read, value => value == round), $"Round {round}: {string.Join(", ", read.Distinct().Take(5))}");
            }
        }
        finally
        {
            await end.CancelAsync();
            await collections;
        }
    }
}
