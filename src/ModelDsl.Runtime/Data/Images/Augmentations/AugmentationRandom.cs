using ModelDsl.Initialization;

namespace ModelDsl.Images;

/// <summary>
/// The random numbers of one sample in one pass. They are counted, not carried along: which thread draws them, and after which other sample, changes nothing.
/// </summary>
internal struct AugmentationRandom
{
    private readonly ulong key;
    private readonly uint sample;
    private readonly ulong pass;
    private uint drawn;

    public AugmentationRandom(int seed, DataPass pass, int sample)
    {
        // The two seeds are the halves of the key.
        key = (uint)seed | (pass.Seed << 32);
        this.sample = (uint)sample;
        this.pass = pass.Number;
    }

    /// <summary>A number in [0, 1).</summary>
    public float Next() => Philox.ToUniform(Philox.Draw(key, drawn++, sample, (uint)pass, (uint)(pass >> 32)).X0);

    /// <summary>A number in [from, to).</summary>
    public float Next(double from, double to) => (float)(from + ((to - from) * Next()));

    /// <summary>A whole number from 0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => Math.Min((int)(Next() * bound), bound - 1);
}
