using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Arithmetic on elements.</summary>
internal static class Arithmetic
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        Binary("Add", "{0} + {1}", Precedence.Sum),
        Binary("Sub", "{0} - {1}", Precedence.Sum),
        Binary("Mul", "{0} * {1}", Precedence.Product),
        Binary("Div", "{0} / {1}", Precedence.Product),
        new("Sum", node => Fold(node, "{0} + {1}", Precedence.Sum)),
        new("Mean", Mean),
        new("Pow", Pow),
        new("PRelu", Prelu),
        new("Max", node => Extreme(node, isMax: true)),
        new("Min", node => Extreme(node, isMax: false)),
    ];

    /// <summary>The sum of two values.</summary>
    public static Tensor Add(Node node, Value left, Value right) => Broadcasts.Join(node, left, right, "{0} + {1}", Precedence.Sum);

    /// <summary>The difference of two values.</summary>
    public static Tensor Subtract(Node node, Value left, Value right) => Broadcasts.Join(node, left, right, "{0} - {1}", Precedence.Sum);

    /// <summary>The product of two values.</summary>
    public static Tensor Multiply(Node node, Value left, Value right) => Broadcasts.Join(node, left, right, "{0} * {1}", Precedence.Product);

    /// <summary>A number as a constant.</summary>
    public static Constant Number(double value) => Constant.Of([], [(float)value]);

    private static KeyValuePair<string, Action<Node>> Binary(string type, string format, Precedence precedence) => new(type, node =>
    {
        var (left, right) = (Given(node, 0), Given(node, 1));

        // Before opset 7 the right side was matched from a given axis on, and not from the last one.
        if (node.Opset < 7 && node.Int("broadcast", 0) == 1 && node.HasAttribute("axis"))
        {
            var axis = node.Axis(node.Int("axis", 0), left.Rank);
            var after = left.Rank - axis - right.Rank;
            node.Check(after >= 0, $"the right side has {right.Rank} axes, which do not fit from axis {axis} on.");
            right = right is Constant constant
                ? constant.WithShape([.. constant.Shape, .. Enumerable.Repeat(1L, after)])
                : throw node.Unsupported("the attribute 'axis' is supported for constants only.");
        }

        var result = Broadcasts.Join(node, left, right, format, precedence);
        var isInteger = type == "Div" && IsInteger(left) && IsInteger(right);
        node.Set(0, isInteger ? result.Map(code => Activations.Function(node, code, "Truncated", "MathF.Truncate(x)")) : result);
    });

    /// <summary>Whether a value consists of whole numbers.</summary>
    public static bool IsInteger(Value value) => value is Constant { IsInteger: true } or Tensor { Kind: ElementKind.Integer };

    private static Value Given(Node node, int input) => node.Input(input) is Tensor ? node.Tensor(input) : node.Input(input);

    private static void Fold(Node node, string format, Precedence precedence)
    {
        var sum = Given(node, 0);
        for (var input = 1; input < node.Inputs.Count; input++)
            sum = Broadcasts.Join(node, sum, Given(node, input), format, precedence);
        node.Set(0, sum);
    }

    private static void Mean(Node node)
    {
        Fold(node, "{0} + {1}", Precedence.Sum);
        node.Set(0, ((Tensor)node.Outputs[0]!).Map(code => new Code($"{{0}} / {node.Inputs.Count}", Precedence.Product, code)));
    }

    private static void Pow(Node node)
    {
        var input = node.Tensor(0);
        if (node.Constant(1).Uniform is not { } given) throw node.Unsupported("the exponents differ from element to element; one exponent is supported.");
        var exponent = Numbers.Exact((float)given);
        var shape = Broadcasts.Shape(node, input.Shape, node.Constant(1).Shape);
        node.Require(shape.Length == input.Rank, "the exponent has more axes than the base.");
        node.Set(0, input.Map(code => exponent switch
        {
            1 => code,
            2 => Code.Call(code, "Square()"),
            0.5 => Code.Call(code, "Sqrt()"),
            3 => Activations.Function(node, code, "Cube", "x * x * x"),
            -1 => Activations.Function(node, code, "Reciprocal", "1f / x"),
            _ => Activations.Function(node, code, $"Pow{Numbers.Text(exponent)}", $"MathF.Pow(x, {(exponent < 0 ? $"({Numbers.Float(exponent)})" : Numbers.Float(exponent))})"),
        }));
    }

    private static void Prelu(Node node)
    {
        var (input, slope) = (node.Tensor(0), node.Input(1));

        // Before opset 7 the slopes are those of the channels.
        if (node.Opset < 7 && slope is Constant { Rank: 1 } channels && channels.Count == input.Shape[1]) slope = channels.WithShape([channels.Count, .. Enumerable.Repeat(1L, input.Rank - 2)]);
        var positive = input.Map(code => Code.Call(code, "Relu()"));
        var negative = Subtract(node, input, positive);
        node.Set(0, Add(node, positive, Multiply(node, negative, slope)));
    }

    /// <summary>A limit, if one side is a number; otherwise a comparison selects one of the sides. Both are exact, which b + relu(a − b) is not if b is much larger than a.</summary>
    private static void Extreme(Node node, bool isMax)
    {
        Value[] values = [.. Enumerable.Range(0, node.Inputs.Count).Select(input => Given(node, input)).OrderBy(value => value is Constant)];
        node.Set(0, values.Skip(1).Aggregate(values[0], (result, other) => result is Tensor tensor && other is Constant { Uniform: { } limit } constant && IsLimit(constant, tensor)
            ? Activations.Limited(node, tensor, isMax ? limit : null, isMax ? null : limit)
            : Comparisons.Select(node, isMax ? Comparisons.IsGreater(node, result, other) : Comparisons.IsGreater(node, other, result), result, other)));

        bool IsLimit(Constant constant, Tensor tensor)
        {
            Broadcasts.RequireNoSamples(node, constant);
            return (!constant.IsTrained || constant.Count == 1) && Broadcasts.Shape(node, tensor.Shape, constant.Shape).SequenceEqual(tensor.Shape);
        }
    }
}
