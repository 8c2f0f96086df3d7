using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Normalizations of batches, layers, groups and probabilities.</summary>
internal static class Normalizations
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        new("BatchNormalization", Batch),
        new(Recognize.Recognized.BatchNorm, Channels.Normalize),
        new("LayerNormalization", node => Layer(node, "LayerNorm", 1e-5, hasBias: true)),
        new("RMSNormalization", node => Layer(node, "RmsNorm", 1e-6, hasBias: false)),
        new("InstanceNormalization", node => Group(node, node.Tensor(0).Shape[1])),
        new("GroupNormalization", node => Group(node, node.Int("num_groups", 1))),
        new("LRN", Local),
        new("Softmax", node => node.Set(0, Softmax(node, node.Tensor(0), "Softmax()"))),

        // The compiler computes the logarithm of a softmax as x − log Σ exp x, which is finite where the softmax is rounded to 0.
        new("LogSoftmax", node => node.Set(0, Softmax(node, node.Tensor(0), "Softmax().Log()"))),
    ];

    private static void Batch(Node node)
    {
        node.Require(node.Int("training_mode", 0) == 0, "it is exported for training: export the model for inference.");
        node.Require(node.Int("spatial", 1) == 1, "statistics for each position (spatial=0) are not supported.");
        node.Set(0, Running(node, [.. Enumerable.Range(1, 4).Select(node.Constant)], node.Float("epsilon", 1e-5)));
    }

    /// <summary>Normalizes the channels of input 0 with known statistics.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">The scale, the bias, the mean and the variance.</param>
    /// <param name="epsilon">The number that is added to the variance.</param>
    public static Tensor Running(Node node, Constant[] constants, double epsilon)
    {
        var input = node.Tensor(0);
        var arranged = input.Arranged([.. input.SampleAxes.Where(axis => axis != 1), 1]);
        string[] names = ["weight", "bias", "running_mean", "running_var"];
        var call = $"BatchNorm({Arguments(Numbers.Argument("epsilon", epsilon, 1e-5), Numbers.Argument("momentum", Math.Round(1 - node.Float("momentum", 0.9), 6), 0.1))}";
        var code = node.Layer(arranged.Code, call, constants, constants.Select((constant, index) => Biases.Vector(node, constant, names[index], input.Shape[1])));
        return new Tensor(input.Shape, input.BatchAxis, arranged.Axes, code);
    }

    private static void Layer(Node node, string kind, double standard, bool hasBias)
    {
        var input = node.Tensor(0);
        var first = node.Axis(node.Int("axis", -1), input.Rank);
        node.Require(input.BatchAxis < first, "it normalizes over the samples.");
        int[] over = [.. Enumerable.Range(first, input.Rank - first)];
        var own = over.Length == 1 ? input.WithLast(first) : Reshapes.Reshape(node, input, [.. input.Shape[..first], Sizes.Product(input.Shape[first..])]).WithLast(first);
        var width = own.Shape[first];
        var weight = node.Has(1) ? node.Constant(1) : null;
        var bias = hasBias && node.Has(2) ? node.Constant(2) : null;
        var switches = (weight is null ? ", useScale: false" : "") + (hasBias && bias is null ? ", useBias: false" : "");
        var call = $"{kind}({Arguments(Numbers.Argument("epsilon", node.Float("epsilon", 1e-5), standard), switches)}";
        WeightTensor[] weights = [.. weight is null ? Array.Empty<WeightTensor>() : [Biases.Vector(node, weight, "weight", width)], .. bias is null ? Array.Empty<WeightTensor>() : [Biases.Vector(node, bias, "bias", width)]];
        var result = new Tensor(own.Shape, own.BatchAxis, own.Axes, node.Layer(own.Code, call, new[] { weight, bias }.OfType<Constant>(), weights));
        node.Require(!node.Needs(1) && !node.Needs(2), "the mean and the deviation (its further outputs) are not supported.");
        node.Set(0, over.Length == 1 ? result : Reshapes.Reshape(node, result, input.Shape));
    }

    private static void Group(Node node, long groups)
    {
        var input = node.Tensor(0);
        var channels = input.Shape[1];
        node.Require(input.BatchAxis == 0 || (input.BatchAxis < 0 && input.Shape[0] == 1), "axis 0 of the input is not that of the samples.");
        var arranged = input.Arranged([.. Enumerable.Range(2, input.Rank - 2), 1]);
        var (scale, bias) = (node.Constant(1), node.Constant(2));
        var call = $"GroupNorm({groups}{Numbers.Argument("epsilon", node.Float("epsilon", 1e-5), 1e-5)}";
        var code = node.Layer(arranged.Code, call, [scale, bias], PerChannel(scale, "weight"), PerChannel(bias, "bias"));
        node.Set(0, new Tensor(input.Shape, input.BatchAxis, arranged.Axes, code));

        // Before opset 21 there is one number for each group.
        WeightTensor PerChannel(Constant constant, string name) => constant.Count == groups && groups != channels
            ? new(name, [channels], () => [.. constant.All().SelectMany(value => Enumerable.Repeat(value, (int)(channels / groups)))])
            : Biases.Vector(node, constant, name, channels);
    }

    /// <summary>x / (bias + alpha / size · sum of squares of the channels around)^beta. The sum is a product with a matrix of zeros and ones.</summary>
    private static void Local(Node node)
    {
        var (size, alpha, beta, bias) = (node.Int("size", 1), node.Float("alpha", 0.0001), node.Float("beta", 0.75), node.Float("bias", 1));
        var input = node.Tensor(0).WithLast(1);
        var channels = input.Shape[1];
        var (before, behind) = ((size - 1) / 2, size / 2);
        node.Require(channels <= 512, $"{channels} channels are more than the 512 that are supported.");
        var near = new Code(
            $"{{0}}.Square().MatMul(Tensor.Constant((i, j) => i >= j - {before} && i <= j + {behind} ? 1.0 : 0.0, {channels}, {channels}))", Precedence.Primary, input.Code);
        var factor = Activations.Function(node, near, "LocalResponse", $"MathF.Pow({Numbers.Float(bias)} + {Numbers.Float(Numbers.Exact((float)(alpha / size)))} * x, {Numbers.Float(-beta)})");
        node.Set(0, input.With(new Code("{0} * {1}", Precedence.Product, input.Code, factor)));
    }

    /// <summary>Calls a function along the axis of the node, which becomes the last one of the expression.</summary>
    public static Tensor Softmax(Node node, Tensor input, string call)
    {
        var axis = node.Axis(node.Int("axis", node.Opset < 13 ? 1 : -1), input.Rank);
        if (node.Opset >= 13 || Sizes.Product(input.Shape[axis..]) == input.Shape[axis])
        {
            node.Require(axis != input.BatchAxis, "it normalizes over the samples.");
            return Called(input);
        }

        // Before opset 13 the axes from the given one on are one.
        node.Require(input.BatchAxis < axis, "it normalizes over the samples.");
        long[] shape = [.. input.Shape[..axis], Sizes.Product(input.Shape[axis..])];
        return Reshapes.Reshape(node, Called(Reshapes.Reshape(node, input, shape)), input.Shape);

        Tensor Called(Tensor tensor)
        {
            var last = tensor.WithLast(axis);
            return last.With(Code.Call(last.Code, call));
        }
    }

    /// <summary>Joins arguments, of which the first has no comma before it.</summary>
    private static string Arguments(params string[] arguments) => string.Concat(arguments).TrimStart(',', ' ');
}
