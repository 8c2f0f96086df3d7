using System.Runtime.CompilerServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices;

/// <summary>Normally distributed numbers, indexed by the positions of floats in a flat buffer (Box, Muller: A Note on the Generation of Random Normal Deviates, 1958).</summary>
/// <param name="seed">The seed.</param>
/// <param name="update">The number of the update.</param>
/// <param name="deviation">The standard deviation.</param>
internal readonly unsafe struct NormalNoise(ulong seed, uint update, float deviation)
{
    /// <summary>The number of numbers that are drawn together.</summary>
    public const int Block = 32;

    /// <summary>Distinguishes these numbers from others with the same seed.</summary>
    private const uint Stream = 0x6E6F6973;

    /// <summary>Adds the numbers of a range of floats to these floats.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="values">The address of the float with index 0.</param>
    /// <param name="start">The index of the first float.</param>
    /// <param name="end">The index after the last float.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<T>(float* values, int start, int end)
        where T : struct, IVector16<T>
    {
        var noise = stackalloc float[Block];
        for (var block = start / Block; block * Block < end; block++)
        {
            Draw<T>((uint)block, noise);
            var (from, to) = (Math.Max(start, block * Block), Math.Min(end, (block + 1) * Block));
            for (var i = from; i < to; i++)
                values[i] += noise[i - (block * Block)];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Draw<T>(uint block, float* noise)
        where T : struct, IVector16<T>
    {
        var uniform = stackalloc float[Block];
        DropoutRandom.Uniform16(seed, update, Stream, 0, block, uniform);
        DropoutRandom.Uniform16(seed, update, Stream, 1, block, uniform + 16);
        var radius = T.Create(deviation) * T.Sqrt(T.Create(-2f) * VectorMath.Log(T.Create(1f) - T.Load(uniform)));
        var angle = T.Create(2 * MathF.PI) * T.Load(uniform + 16);
        T.Store(radius * VectorMath.Cos(angle), noise);
        T.Store(radius * VectorMath.Sin(angle), noise + 16);
    }
}
