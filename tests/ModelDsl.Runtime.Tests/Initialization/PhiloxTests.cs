using ModelDsl.Compiled;
using ModelDsl.Initialization;

namespace ModelDsl.Runtime.Tests.Initialization;

public class PhiloxTests
{
    /// <summary>The known answers of philox4x32 with 10 rounds in Random123's kat_vectors: counter, key, result.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(
        0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdcceb, 0x5001e420u, 0x24126ea1u)]
    public void Known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Draw(((ulong)k1 << 32) | k0, c0, c1, c2, c3));

    [Fact]
    public unsafe void Sixteen_at_once_are_the_single_ones()
    {
        var numbers = stackalloc float[16];
        var random = new System.Random(2);
        for (var i = 0; i < 1_000; i++)
        {
            var seed = (ulong)random.NextInt64();
            var (step, stream, row) = ((uint)random.NextInt64(), (uint)random.NextInt64(), (uint)random.NextInt64());
            var block = (uint)random.Next(1 << 26);
            DropoutRandom.Uniform16(seed, step, stream, row, block, numbers);
            for (uint j = 0; j < 16; j++)
                Assert.Equal(DropoutRandom.Uniform(seed, step, stream, row, (16 * block) + j), numbers[j]);
        }
    }

    [Fact]
    public void Numbers_are_below_one_and_spread_evenly()
    {
        Assert.Equal(1f - (1f / (1 << 24)), Philox.ToUniform(uint.MaxValue));
        Assert.Equal(0f, Philox.ToUniform(0));
        var counts = new int[10];
        for (uint i = 0; i < 100_000; i++)
            counts[(int)(10 * DropoutRandom.Uniform(1, 2, 3, i / 100, i % 100))]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }
}
