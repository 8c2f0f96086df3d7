using ModelDsl;

namespace ModelApp._1;

/// <summary>Points on two interleaved spirals.</summary>
public static class SpiralData
{
    /// <summary>How far a spiral goes around the centre, in radians.</summary>
    private const float Sweep = 3 * MathF.PI;

    /// <summary>How far a coordinate may lie from the spiral.</summary>
    private const float Noise = 0.02f;

    /// <summary>Draws points. Each sample has two inputs, its coordinates, and a label, 0 or 1: the spiral it lies on.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="seed">Decides which points: the same seed gives the same points.</param>
    public static Dataset Create(int count, int seed)
    {
        var random = new Random(seed);
        var points = new float[2 * count];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 2;
            var radius = MathF.Sqrt(random.NextSingle());
            var angle = (Sweep * radius) + (MathF.PI * labels[i]);
            points[2 * i] = (radius * MathF.Cos(angle)) + Deviation();
            points[(2 * i) + 1] = (radius * MathF.Sin(angle)) + Deviation();
        }

        return Dataset.FromArrays(points, labels);

        float Deviation() => Noise * ((2 * random.NextSingle()) - 1);
    }
}
