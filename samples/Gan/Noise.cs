namespace Gan;

/// <summary>Independent normal numbers.</summary>
/// <param name="seed">Decides them.</param>
internal sealed class Noise(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>Draws new ones.</summary>
    /// <param name="count">How many.</param>
    public float[] Draw(int count)
    {
        var values = new float[count];
        Fill(values);
        return values;
    }

    /// <summary>Draws new ones into memory that is there.</summary>
    /// <param name="values">The memory.</param>
    public void Fill(Span<float> values)
    {
        foreach (ref var value in values)
            value = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }
}
