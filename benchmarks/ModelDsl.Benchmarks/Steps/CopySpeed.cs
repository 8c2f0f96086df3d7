using System.Diagnostics;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>How fast a machine copies memory that no cache holds. Every token of a large model reads all weights, so this is what a session can be compared with.</summary>
internal static class CopySpeed
{
    private const int Floats = 1 << 26;

    /// <summary>The best of some is what the machine can do; others were disturbed.</summary>
    private const int Rounds = 8;

    /// <summary>Measures for some tenths of a second.</summary>
    /// <param name="threads">How many threads copy.</param>
    /// <returns>Bytes that are read in a nanosecond, by all threads together. As many are written.</returns>
    public static double GigabytesPerSecond(int threads)
    {
        var (from, to) = (new float[Floats], new float[Floats]);
        Array.Fill(from, 1);
        Array.Fill(to, 2);
        using var together = new Barrier(threads);
        var nanoseconds = new double[threads];
        var helpers = Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Copy(thread))).ToArray();
        foreach (var helper in helpers)
            helper.Start();
        Copy(0);
        foreach (var helper in helpers)
            helper.Join();
        return nanoseconds.Sum(time => sizeof(float) * (double)(Floats / threads) / time);

        void Copy(int thread)
        {
            var (start, length) = (thread * (Floats / threads), Floats / threads);
            nanoseconds[thread] = double.PositiveInfinity;
            for (var round = 0; round < Rounds; round++)
            {
                together.SignalAndWait();
                var begin = Stopwatch.GetTimestamp();
                from.AsSpan(start, length).CopyTo(to.AsSpan(start, length));
                nanoseconds[thread] = Math.Min(nanoseconds[thread], Stopwatch.GetElapsedTime(begin).TotalNanoseconds);
            }
        }
    }
}
