using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Comparisons and logic, with 1 for true and 0 for false.</summary>
internal static class Comparisons
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        Compare("Less", "IsNegative", "x < 0f ? 1f : 0f"),
        Compare("LessOrEqual", "IsNotPositive", "x > 0f ? 0f : 1f"),
        Compare("Greater", "IsPositive", "x > 0f ? 1f : 0f"),
        Compare("GreaterOrEqual", "IsNotNegative", "x < 0f ? 0f : 1f"),
        Compare("Equal", "IsZero", "x == 0f ? 1f : 0f"),
        new("Not", node => node.Set(0, Logical(node.Tensor(0).Map(code => new Code("1 - {0}", Precedence.Sum, code) { IsRightOperand = true })))),
        new("And", node => node.Set(0, Logical(Arithmetic.Multiply(node, node.Input(0), node.Input(1))))),
        new("Where", Where),
    ];

    private static KeyValuePair<string, Action<Node>> Compare(string type, string name, string body) => new(type, node =>
    {
        var (left, right) = (node.Input(0) is Tensor ? node.Tensor(0) : node.Input(0), node.Input(1) is Tensor ? node.Tensor(1) : node.Input(1));
        node.Set(0, Compared(node, left, right, name, body));
    });

    /// <summary>Returns whether elements of one value are greater than those of another.</summary>
    public static Tensor IsGreater(Node node, Value left, Value right) => Compared(node, left, right, "IsPositive", "x > 0f ? 1f : 0f");

    /// <summary>Returns a tensor of zeros and ones as logical values.</summary>
    public static Tensor Logical(Tensor tensor)
    {
        tensor.Code.IsLogical = true;
        return tensor with { Kind = ElementKind.Integer };
    }

    private static Tensor Compared(Node node, Value left, Value right, string name, string body) =>
        Logical(Arithmetic.Subtract(node, left, right).Map(code => Activations.Function(node, code, name, body)));

    private static void Where(Node node) => node.Set(0, Select(node, node.Input(0), node.Input(1), node.Input(2)));

    /// <summary>Selects elements of two values: c·a + (1 − c)·b, which is exact for finite numbers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="condition">Where elements are those of the first value.</param>
    /// <param name="a">The first value.</param>
    /// <param name="b">The second value.</param>
    public static Tensor Select(Node node, Value condition, Value a, Value b)
    {
        var inverse = condition is Constant constant
            ? (Value)Constant.Of(constant.Shape, [.. constant.Integers.Select(value => value == 0 ? 1L : 0L)], constant.Source.Length > 0 ? constant.Source + "_not" : "")
            : ((Tensor)condition).Map(code => new Code("1 - {0}", Precedence.Sum, code) { IsRightOperand = true });
        var (first, second) = (Part(condition, a), Part(inverse, b));
        var sum = first is null && second is null ? throw node.Unsupported("both values are 0.") : first is null ? (Tensor)second! : second is null ? (Tensor)first : Arithmetic.Add(node, first, second);
        var shape = Broadcasts.Shape(node, Broadcasts.Shape(node, condition.Shape, a.Shape), b.Shape);
        return Movements.Expanded(node, sum, shape) with { Kind = Arithmetic.IsInteger(a) && Arithmetic.IsInteger(b) ? ElementKind.Integer : ElementKind.Float };

        Value? Part(Value weight, Value value) => value is Constant { Uniform: 0 } ? null
            : weight is Constant mask && value is Constant numbers ? numbers.Uniform is { } number
                ? Constant.Of(mask.Shape, [.. mask.Integers.Select(one => one == 0 ? 0f : (float)Math.Clamp(number, -float.MaxValue, float.MaxValue))], mask.Source + "_values")
                : throw node.Unsupported("the condition and one of the values are constants.")
            : value is Constant { Uniform: 1 } && weight is Tensor ? weight : Arithmetic.Multiply(node, weight, value);
    }
}
