using ModelDsl.Initialization;

namespace ModelDsl.Images;

/// <summary>
/// The random numbers of one sample in one pass. They are computed from a counter, so they do not depend on the thread or on other samples.
/// </summary>
internal struct AugmentationRandom
{
    private readonly ulong key;
    private readonly uint sample;
    private readonly ulong pass;
    private uint drawn;

    public AugmentationRandom(int seed, DataPass pass, int sample)
    {
        // The two seeds are the two halves of the key.
        key = (uint)seed | (pass.Seed << 32);
        this.sample = (uint)sample;
        this.pass = pass.Number;
    }

    /// <summary>Returns a number in [0, 1).</summary>
    public float Next() => Philox.ToUniform(Philox.Draw(key, drawn++, sample, (uint)pass, (uint)(pass >> 32)).X0);

    /// <summary>Returns a number in [from, to).</summary>
    public float Next(double from, double to) => (float)(from + ((to - from) * Next()));

    /// <summary>Returns an integer from 0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => Math.Min((int)(Next() * bound), bound - 1);
}
