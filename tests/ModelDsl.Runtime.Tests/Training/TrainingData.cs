using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Data for the hand-written models.</summary>
internal static class TrainingData
{
    /// <summary>Samples of a linear function of three inputs with two outputs, exactly representable by <see cref="LinearModel"/>.</summary>
    public static Dataset Linear(int samples, int seed = 1)
    {
        var random = new Random(seed);
        var (inputs, targets) = (new float[samples * 3], new float[samples * 2]);
        for (var n = 0; n < samples; n++)
        {
            var x = inputs.AsSpan(3 * n, 3);
            for (var i = 0; i < 3; i++)
                x[i] = (float)((2 * random.NextDouble()) - 1);
            targets[2 * n] = x[0] - (2 * x[1]) + 0.5f;
            targets[(2 * n) + 1] = (3 * x[2]) - 1;
        }

        return Dataset.FromArrays(inputs, targets, targetLength: 2);
    }

    /// <summary>Points left and right of a line, with their side as class.</summary>
    public static Dataset Sides(int samples, int seed = 1)
    {
        var random = new Random(seed);
        var (inputs, labels) = (new float[samples * 2], new int[samples]);
        for (var n = 0; n < samples; n++)
        {
            inputs[2 * n] = (float)((2 * random.NextDouble()) - 1);
            inputs[(2 * n) + 1] = (float)((2 * random.NextDouble()) - 1);
            labels[n] = inputs[2 * n] > inputs[(2 * n) + 1] ? 1 : 0;
        }

        return Dataset.FromArrays(inputs, labels);
    }
}
