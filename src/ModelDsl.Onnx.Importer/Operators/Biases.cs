using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>The optional bias of a layer.</summary>
internal static class Biases
{
    /// <summary>Returns the argument of a layer without a bias.</summary>
    public static string Argument(Node node, int input) => node.Has(input) ? "" : ", useBias: false";

    /// <summary>Returns the bias, if there is one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The number of its input.</param>
    /// <param name="size">The number of channels.</param>
    public static IEnumerable<WeightTensor> Of(Node node, int input, long size) => node.Has(input) ? [Vector(node, node.Constant(input), "bias", size)] : [];

    /// <summary>Returns a constant as a weight with one number for each channel.</summary>
    public static WeightTensor Vector(Node node, Constant constant, string name, long size)
    {
        node.Check(constant.Count == size || constant.Count == 1, $"the {name} has shape {Sizes.Text(constant.Shape)}, but {size} numbers are needed.");
        return new(name, [size], () => constant.Floats is { Length: 1 } single ? [.. Enumerable.Repeat(single[0], (int)size)] : constant.Floats);
    }
}
