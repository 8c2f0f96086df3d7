using ModelDsl.Compiled;
using ModelDsl.Parameters;

namespace ModelDsl.Optimizers;

/// <summary>The floats of the gradient buffer that belong to no element of a parameter. They must stay 0.</summary>
internal static class GradientPads
{
    /// <summary>Returns the ranges of pads.</summary>
    /// <param name="model">The model.</param>
    public static (int Start, int Length)[] Of(ModelDescription model)
    {
        var isUsed = new float[model.TrainableFloats];
        foreach (var parameter in model.Parameters.Where(static parameter => parameter.Trainable))
        {
            var ones = new float[parameter.Length];
            Array.Fill(ones, 1f);
            new LayoutMap(parameter.Shape, parameter.Layout).Scatter(ones, isUsed.AsSpan(parameter.Offset, parameter.Layout.Floats));
        }

        var pads = new List<(int Start, int Length)>();
        for (var i = 0; i < isUsed.Length;)
        {
            var start = i;
            while (i < isUsed.Length && isUsed[i] == 0)
                i++;
            if (i > start)
                pads.Add((start, i - start));
            i++;
        }

        return [.. pads];
    }
}
