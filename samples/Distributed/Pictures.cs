using ModelDsl;

namespace SeveralRanks;

/// <summary>The pictures: those of CIFAR-10, or noise in which each class has a pattern of its own.</summary>
internal static class Pictures
{
    private const int Classes = 10;
    private const int Values = 32 * 32 * 3;

    /// <summary>Reads a folder with CIFAR-10's binary version.</summary>
    /// <param name="folder">The folder; null for made pictures.</param>
    /// <param name="limit">The maximum number of pictures for training.</param>
    public static (Dataset Train, Dataset Test) Load(string? folder, int limit)
    {
        if (folder is null)
            return (Make(Math.Min(limit, 4000), seed: 1), Make(1000, seed: 2));
        var (train, test) = ModelDsl.Images.Cifar10.Load(folder);
        return (train.Take(limit), test);
    }

    private static Dataset Make(int count, int seed)
    {
        var patterns = Noise(new Random(0), Classes * Values);
        var random = new Random(seed);
        var pixels = Noise(random, count * Values);
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.Next(Classes);
            for (var k = 0; k < Values; k++)
                pixels[(i * Values) + k] += patterns[(labels[i] * Values) + k];
        }

        return Dataset.FromColumns(DataColumn.Floats("input", pixels, 32, 32, 3), DataColumn.Ints("label", labels));
    }

    private static float[] Noise(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
