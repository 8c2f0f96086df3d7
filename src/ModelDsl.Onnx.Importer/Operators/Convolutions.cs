using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Convolutions and transposed convolutions of pictures, and convolutions of sequences.</summary>
internal static class Convolutions
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Conv", Convert), new("ConvTranspose", Transposed), new(Recognize.Recognized.Convolution, Channels.Convolve)];

    /// <summary>Converts a convolution.</summary>
    public static void Convert(Node node)
    {
        var (input, weight) = (node.Tensor(0), node.Constant(1));
        var windows = Windows.Of(node, input, [.. weight.Shape.Skip(2)]);
        var groups = node.Int("group", 1);
        node.Check(groups > 0 && weight.Shape[1] * groups == input.Shape[1], $"the weight {Sizes.Text(weight.Shape)} with {groups} groups does not fit the input {Sizes.Text(input.Shape)}.");
        var (stride, dilation) = (Divisor(windows.Strides), windows.One(windows.Dilations, "dilations"));
        var isEven = Array.TrueForAll(windows.Strides, own => own == stride);
        var arranged = windows.Arranged(input);
        var padding = windows.Symmetric is { } size ? Numbers.Argument("paddingSize", size, 0) : windows.IsSame && isEven ? ", padding: Padding.Same" : null;
        if (padding is null) arranged = windows.Padded(arranged, windows.Pads);
        var filters = weight.Shape[0];
        var call = $"Conv{windows.Rank}D({filters}, {Kernel(windows)}{Numbers.Argument("stride", stride, 1)}{padding}{Numbers.Argument("dilation", dilation, 1)}{Numbers.Argument("groups", groups, 1)}{Width(windows)}{Biases.Argument(node, 2)}";
        var code = node.Layer(arranged.Code, call, [weight], [new WeightTensor("weight", weight.Shape, () => weight.All()), .. Biases.Of(node, 2, filters)]);
        var common = windows with { Strides = [.. windows.Strides.Select(_ => stride)] };
        var result = new Tensor([input.Shape[0], filters, .. common.Outputs(input.Shape)], input.BatchAxis, arranged.Axes, code);

        // The layer has one stride: where those of the axes differ, some of its results are left out.
        for (var axis = 0; axis < windows.Rank; axis++)
        {
            var step = windows.Strides[axis] / stride;
            if (step > 1) result = Strides.At(result, axis + 2, 0, step, windows.Outputs(input.Shape)[axis]);
        }

        node.Set(0, result);
    }

    /// <summary>The greatest stride that divides those of all axes.</summary>
    private static long Divisor(long[] strides) => strides.Aggregate((a, b) => (long)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));

    private static void Transposed(Node node)
    {
        var (input, weight) = (node.Tensor(0), node.Constant(1));
        var windows = Windows.Of(node, input, [.. weight.Shape.Skip(2)]);
        var (more, given) = (node.Ints("output_padding") ?? new long[windows.Rank], node.Ints("output_shape")?.TakeLast(windows.Rank).ToArray());
        node.Check(more.Length == windows.Rank && (given is null || given.Length == windows.Rank), $"output_padding or output_shape does not have a number for each of {windows.Rank} axes.");

        // A sequence is a picture of one row.
        var isSequence = windows.Rank == 1;
        if (isSequence)
        {
            input = (Tensor)Movements.WithAxes(input, [2]);
            weight = weight.WithShape([weight.Shape[0], weight.Shape[1], 1, weight.Shape[2]]);
            windows = windows with
            {
                Kernels = [1, windows.Kernels[0]],
                Strides = [windows.Strides[0], windows.Strides[0]],
                Dilations = [windows.Dilations[0], windows.Dilations[0]],
                Pads = [0, windows.Pads[0], 0, windows.Pads[1]],
            };
            (more, given) = ([0, more[0]], given is null ? null : [1, given[0]]);
        }

        node.Require(node.Int("group", 1) == 1, "transposed convolutions with groups are not supported.");
        node.Check(weight.Shape[0] == input.Shape[1], $"the weight {Sizes.Text(weight.Shape)} does not fit the input {Sizes.Text(input.Shape)}.");
        var (stride, dilation, filters) = (Divisor(windows.Strides), windows.One(windows.Dilations, "dilations"), weight.Shape[1]);
        long[] full = [.. Enumerable.Range(0, 2).Select(axis => ((input.Shape[axis + 2] - 1) * windows.Strides[axis]) + ((windows.Kernels[axis] - 1) * dilation) + 1)];
        long[] outputs = given ?? [.. Enumerable.Range(0, 2).Select(axis => full[axis] + more[axis] - windows.Pads[axis] - windows.Pads[axis + 2])];
        long[] before = given is null && node.Text("auto_pad", "NOTSET") == "NOTSET" ? [windows.Pads[0], windows.Pads[1]] : Before(node, windows, input, full, ref outputs, more, given is not null, isSequence);

        // The layer has one stride: where those of the axes differ, zeros are put between the values.
        var arranged = windows.Arranged(input);
        for (var axis = 0; axis < 2; axis++) arranged = Strides.Apart(arranged, axis + 2, windows.Strides[axis] / stride);
        var isSimple = before[0] == before[1] && Enumerable.Range(0, 2).All(axis => full[axis] - (2 * before[axis]) == outputs[axis]);
        var isGrown = !isSimple && before[0] == before[1] && more[0] == more[1] && more[0] < Math.Max(stride, dilation) && Enumerable.Range(0, 2).All(axis => full[axis] - (2 * before[axis]) + more[axis] == outputs[axis]);
        var arguments = isSimple ? Numbers.Argument("paddingSize", before[0], 0) : isGrown ? Numbers.Argument("paddingSize", before[0], 0) + Numbers.Argument("outputPadding", more[0], 0) : "";
        var call = $"ConvTranspose2D({filters}, {Kernel(windows)}{Numbers.Argument("stride", stride, 1)}{arguments}{Numbers.Argument("dilation", dilation, 1)}{Width(windows)}{Biases.Argument(node, 2)}";
        var code = node.Layer(arranged.Code, call, [weight], [new WeightTensor("weight", weight.Shape, () => weight.All()), .. Biases.Of(node, 2, filters)]);
        var result = new Tensor([input.Shape[0], filters, .. isSimple || isGrown ? outputs : full], input.BatchAxis, arranged.Axes, code);
        for (var axis = 0; axis < 2 && !isSimple && !isGrown; axis++)
        {
            var beyond = before[axis] + outputs[axis] - full[axis];
            if (beyond > 0)
            {
                // Positions beyond the last window have the bias only, which zeros are not.
                node.Require(!node.Has(2), $"an output of {outputs[axis]} positions along axis {axis + 2} is larger than what the windows cover, and there is a bias.");
                var pads = new long[4];
                pads[axis + 2] = beyond;
                result = windows.Padded(result, pads);
            }

            result = Movements.Slice(node, result, axis + 2, before[axis], outputs[axis]);
        }

        node.Set(0, isSequence ? Movements.WithoutAxes(result, [2]) : result);
    }

    /// <summary>The positions that are left out at the start, where the file gives the size of the output instead.</summary>
    private static long[] Before(Node node, Windows windows, Tensor input, long[] full, ref long[] outputs, long[] more, bool isGiven, bool isSequence)
    {
        var isUpper = node.Text("auto_pad", "NOTSET") == "SAME_UPPER";
        if (!isGiven && node.Text("auto_pad", "NOTSET").StartsWith("SAME", StringComparison.Ordinal)) outputs = [isSequence ? 1 : input.Shape[2] * windows.Strides[0], input.Shape[3] * windows.Strides[1]];
        var before = new long[2];
        for (var axis = 0; axis < windows.Rank; axis++)
        {
            var total = Math.Max(0, full[axis] + more[axis] - outputs[axis]);
            before[axis] = isUpper ? total / 2 : total - (total / 2);
        }

        return before;
    }

    private static long Kernel(Windows windows) => windows.Kernels[0];

    private static string Width(Windows windows) => windows.Rank == 2 && windows.Kernels[1] != windows.Kernels[0] ? $", kernelWidth: {windows.Kernels[1]}" : "";
}
