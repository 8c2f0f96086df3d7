using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>
/// What a machine's arithmetic can do at most: fused multiply-adds on registers alone, as many side by side as hide their latency, on all threads of a step.
/// </summary>
internal static class FmaPeak
{
    /// <summary>The number of independent sums: two units with a latency of four or five cycles need ten, and sixteen registers hold no more in addition to two factors.</summary>
    private const int Sums = 12;

    private const int Iterations = 1 << 21;

    /// <summary>The best of some is what the machine can do; others were disturbed.</summary>
    private const int Rounds = 12;

    /// <summary>Measures for some hundredths of a second.</summary>
    /// <param name="threads">How many threads compute.</param>
    /// <param name="bits">Width of the vectors: 512, 256 or 128.</param>
    /// <returns>Operations per nanosecond of all threads together, a multiply-add counting two.</returns>
    public static double Gflops(int threads, int bits) => bits switch
    {
        512 => Gflops<Vector16>(threads),
        256 => Gflops<Vector8>(threads),
        _ => Gflops<Vector4>(threads),
    };

    private static double Gflops<TVector>(int threads)
        where TVector : struct, IVector<TVector>
    {
        using var together = new Barrier(threads);
        var nanoseconds = new double[threads];
        var helpers = Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Compute(thread))).ToArray();
        foreach (var helper in helpers)
            helper.Start();
        Compute(0);
        foreach (var helper in helpers)
            helper.Join();
        return nanoseconds.Sum(time => 2.0 * TVector.Lanes * Sums * Iterations / time);

        void Compute(int thread)
        {
            nanoseconds[thread] = double.PositiveInfinity;
            for (var round = 0; round < Rounds; round++)
            {
                together.SignalAndWait();
                var start = Stopwatch.GetTimestamp();
                Chains<TVector>(Iterations);
                nanoseconds[thread] = Math.Min(nanoseconds[thread], Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector Chains<TVector>(int iterations)
        where TVector : struct, IVector<TVector>
    {
        // Values stay near 1, for numbers that are no normal ones take longer.
        var (factor, summand) = (TVector.Of(0.5f), TVector.Of(0.5f));
        TVector a = summand, b = summand, c = summand, d = summand, e = summand, f = summand, g = summand, h = summand, i = summand, j = summand, k = summand, l = summand;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            a = TVector.MultiplyAdd(a, factor, summand);
            b = TVector.MultiplyAdd(b, factor, summand);
            c = TVector.MultiplyAdd(c, factor, summand);
            d = TVector.MultiplyAdd(d, factor, summand);
            e = TVector.MultiplyAdd(e, factor, summand);
            f = TVector.MultiplyAdd(f, factor, summand);
            g = TVector.MultiplyAdd(g, factor, summand);
            h = TVector.MultiplyAdd(h, factor, summand);
            i = TVector.MultiplyAdd(i, factor, summand);
            j = TVector.MultiplyAdd(j, factor, summand);
            k = TVector.MultiplyAdd(k, factor, summand);
            l = TVector.MultiplyAdd(l, factor, summand);
        }

        // Each is read, so that none is left out.
        return Add(Add(Add(a, b), Add(c, d)), Add(Add(Add(e, f), Add(g, h)), Add(Add(i, j), Add(k, l))));

        TVector Add(TVector x, TVector y) => TVector.MultiplyAdd(x, factor, y);
    }

    private interface IVector<TSelf>
    {
        static abstract int Lanes { get; }

        static abstract TSelf Of(float value);

        static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);
    }

    private readonly struct Vector16(Vector512<float> value) : IVector<Vector16>
    {
        private readonly Vector512<float> value = value;

        public static int Lanes => 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector16 Of(float value) => new(Vector512.Create(value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector16 MultiplyAdd(Vector16 x, Vector16 y, Vector16 z) => new(Vector512.FusedMultiplyAdd(x.value, y.value, z.value));
    }

    private readonly struct Vector8(Vector256<float> value) : IVector<Vector8>
    {
        private readonly Vector256<float> value = value;

        public static int Lanes => 8;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector8 Of(float value) => new(Vector256.Create(value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector8 MultiplyAdd(Vector8 x, Vector8 y, Vector8 z) => new(Vector256.FusedMultiplyAdd(x.value, y.value, z.value));
    }

    private readonly struct Vector4(Vector128<float> value) : IVector<Vector4>
    {
        private readonly Vector128<float> value = value;

        public static int Lanes => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector4 Of(float value) => new(Vector128.Create(value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector4 MultiplyAdd(Vector4 x, Vector4 y, Vector4 z) => new(Vector128.FusedMultiplyAdd(x.value, y.value, z.value));
    }
}
