namespace ModelDsl;

/// <summary>Permutations that depend only on a seed and a pass number: they are the same on every machine and .NET version.</summary>
internal static class Shuffling
{
    /// <summary>Fills an array with a permutation of its indices.</summary>
    public static void Fill(Span<int> order, ulong seed, ulong pass)
    {
        var random = new SplitMix64(seed, pass);
        // The inside-out version of Fisher–Yates: element i goes to a random position among the first i + 1.
        for (var i = 0; i < order.Length; i++)
        {
            var j = random.Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}

/// <summary>A small random number generator for orders (Steele, Lea and Flood 2014). Not for cryptography, nor for initial weights.</summary>
internal struct SplitMix64
{
    private ulong state;

    public SplitMix64(ulong seed, ulong stream) => state = Mix(seed + 0x9E3779B97F4A7C15) ^ Mix(Mix(stream + 0xD1B54A32D192ED03));

    /// <summary>Returns a number from 0 to <paramref name="bound"/> − 1; the bias of at most bound / 2⁶⁴ is negligible.</summary>
    public int Below(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        return (int)Math.BigMul(Mix(state), (ulong)bound, out _);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
