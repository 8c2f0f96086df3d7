using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Arithmetic on channels that is a part of a layer: a scale and a bias after a convolution, and batch normalization as several operators. If it is not on channels, it remains arithmetic.</summary>
internal static class Channels
{
    private const double StandardEpsilon = 1e-5;

    /// <summary>Converts a convolution with factors and summands for its result.</summary>
    public static void Convolve(Node node)
    {
        var weight = node.Constant(1);
        var bias = node.Has(2) ? node.Constant(2) : null;
        var (factors, summands) = (node.Has(3) ? node.Constant(3) : null, node.Has(4) ? node.Constant(4) : null);
        foreach (var constant in new[] { factors, summands }.OfType<Constant>()) Broadcasts.RequireNoSamples(node, constant);
        var count = weight.Shape.Length > 0 ? weight.Shape[0] : 0;
        var isOnChannels = IsOnChannels(factors, weight.Rank, count) && IsOnChannels(summands, weight.Rank, count) && (bias is null || bias.Count == count);
        var own = isOnChannels ? node.With("Conv", node.Input(0), Scaled(weight, factors), Bias(bias, factors, summands, count)) : node.With("Conv", node.Input(0), weight, bias);
        Convolutions.Convert(own);
        var result = (Tensor)own.Outputs[0]!;
        if (!isOnChannels && factors is not null) result = Arithmetic.Multiply(node, result, factors);
        if (!isOnChannels && summands is not null) result = Arithmetic.Add(node, result, summands);
        node.Set(0, result);
    }

    /// <summary>Converts (x − mean) / deviation · scale + bias.</summary>
    public static void Normalize(Node node)
    {
        var input = node.Tensor(0);
        var (scale, bias, mean, deviation) = (node.Constant(1), node.Constant(2), node.Constant(3), node.Constant(4));
        var count = input.Rank > 1 ? input.Shape[1] : 0;
        Constant[] constants = [scale, bias, mean, deviation];
        foreach (var constant in constants) Broadcasts.RequireNoSamples(node, constant);

        // Single numbers may be any arithmetic, unless they are the square root of a variance.
        var isLayer = input.Rank >= 2 && input.BatchAxis != 1 && Array.TrueForAll(constants, constant => IsOnChannels(constant, input.Rank, count)) && (node.Has(5) || Array.Exists(constants, constant => constant.Count > 1));
        if (!isLayer || Array.Exists(deviation.Floats, value => !(value > 0)))
        {
            var normal = Broadcasts.Join(node, Arithmetic.Subtract(node, input, mean), deviation, "{0} / {1}", Precedence.Product);
            node.Set(0, Arithmetic.Add(node, Arithmetic.Multiply(node, normal, scale), bias));
            return;
        }

        // The layer adds a positive number to the variance.
        var epsilon = node.Has(5) ? node.Float("epsilon", StandardEpsilon) : Numbers.Exact(Math.Min((float)StandardEpsilon, deviation.Floats.Min() * deviation.Floats.Min() / 2));
        var variance = node.Has(5) ? node.Constant(5) : Constant.Of(deviation.Shape, () => [.. deviation.Floats.Select(value => (float)(((double)value * value) - epsilon))], deviation.Source, deviation.IsTrained);
        node.Set(0, Normalizations.Running(node, [scale, bias, mean, variance], epsilon));
    }

    /// <summary>Whether a constant has one number, or one for each index of axis 1 of a value with a number of axes.</summary>
    private static bool IsOnChannels(Constant? constant, int rank, long channels)
    {
        if (constant is null || constant.Count == 1) return constant is null || constant.Rank <= rank;
        return constant.Rank <= rank && constant.Count == channels && constant.Rank >= rank - 1 && constant.Shape[constant.Rank - (rank - 1)] == channels;
    }

    private static Constant Scaled(Constant weight, Constant? factors)
    {
        if (factors is null) return weight;
        return Constant.Of(weight.Shape, Values, weight.Source, weight.IsTrained);

        float[] Values()
        {
            var values = (float[])weight.All().Clone();
            var size = values.Length / (int)weight.Shape[0];
            for (var i = 0; i < values.Length; i++) values[i] *= factors.Float(factors.Count == 1 ? 0 : i / size);
            return values;
        }
    }

    private static Constant? Bias(Constant? bias, Constant? factors, Constant? summands, long count)
    {
        if (bias is null && summands is null) return null;
        return Constant.Of([count], Values, bias?.Source ?? summands!.Source, bias?.IsTrained ?? summands!.IsTrained);

        float[] Values()
        {
            var values = new float[count];
            for (var i = 0; i < values.Length; i++) values[i] = (At(bias, i, 0) * At(factors, i, 1)) + At(summands, i, 0);
            return values;
        }

        static float At(Constant? constant, int index, float otherwise) => constant is null ? otherwise : constant.Float(constant.Count == 1 ? 0 : index);
    }
}
