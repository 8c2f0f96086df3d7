namespace ModelDsl.Initialization;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011). A counter
/// and a key give four random words. There is no state, so any element can be drawn anywhere and in any order.
/// </summary>
internal static class Philox
{
    /// <summary>The number of rounds.</summary>
    public const int Rounds = 10;

    /// <summary>The first multiplier.</summary>
    public const uint Multiplier0 = 0xD2511F53;

    /// <summary>The second multiplier.</summary>
    public const uint Multiplier1 = 0xCD9E8D57;

    /// <summary>The increment of the first half of the key in each round: the golden ratio.</summary>
    public const uint Weyl0 = 0x9E3779B9;

    /// <summary>The increment of the second half of the key in each round: √3 − 1.</summary>
    public const uint Weyl1 = 0xBB67AE85;

    /// <summary>Draws four random words.</summary>
    /// <param name="key">The key: its low half is the first word.</param>
    /// <param name="c0">The counter's first word.</param>
    /// <param name="c1">The counter's second word.</param>
    /// <param name="c2">The counter's third word.</param>
    /// <param name="c3">The counter's fourth word.</param>
    public static (uint X0, uint X1, uint X2, uint X3) Draw(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var p0 = (ulong)Multiplier0 * c0;
            var p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Converts a word to a float in [0, 1) with 24 random bits.</summary>
    /// <param name="word">A random word.</param>
    public static float ToUniform(uint word) => (word >> 8) * (1f / (1 << 24));
}
