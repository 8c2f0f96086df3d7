namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>The order of elements in ModelDsl.</summary>
internal static class Layout
{
    /// <summary>Moves the second axis to the end.</summary>
    public static float[] ChannelsLast(float[] values, int[] shape)
    {
        var (samples, channels) = (shape[0], shape[1]);
        var positions = shape.Skip(2).Aggregate(1, (product, size) => product * size);
        var result = new float[values.Length];
        for (var n = 0; n < samples; n++)
        {
            for (var c = 0; c < channels; c++)
            {
                for (var p = 0; p < positions; p++)
                    result[(((n * positions) + p) * channels) + c] = values[(((n * channels) + c) * positions) + p];
            }
        }

        return result;
    }
}
