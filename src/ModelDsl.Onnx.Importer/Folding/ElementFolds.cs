using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Folding;

/// <summary>Functions of elements.</summary>
internal static class ElementFolds
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Folds =>
    [
        Binary("Add", (a, b) => a + b, (a, b) => a + b),
        Binary("Sub", (a, b) => a - b, (a, b) => a - b),
        Binary("Mul", (a, b) => a * b, (a, b) => checked(a * b)),
        Binary("Div", (a, b) => a / b, (a, b) => a / b),
        new("Mod", Mod),
        Binary("Pow", MathF.Pow, (a, b) => (long)Math.Pow(a, b)),
        Several("Max", MathF.Max, Math.Max),
        Several("Min", MathF.Min, Math.Min),
        Compare("Equal", (a, b) => a == b),
        Compare("Less", (a, b) => a < b),
        Compare("LessOrEqual", (a, b) => a <= b),
        Compare("Greater", (a, b) => a > b),
        Compare("GreaterOrEqual", (a, b) => a >= b),
        Compare("And", (a, b) => a != 0 && b != 0),
        Compare("Or", (a, b) => a != 0 || b != 0),
        Unary("Sqrt", MathF.Sqrt),
        Unary("Exp", MathF.Exp),
        Unary("Log", MathF.Log),
        Unary("Floor", MathF.Floor),
        Unary("Ceil", MathF.Ceiling),
        Unary("Sin", MathF.Sin),
        Unary("Cos", MathF.Cos),
        Unary("Reciprocal", value => 1 / value),
        Unary("Neg", value => -value, value => -value),
        Unary("Abs", MathF.Abs, Math.Abs),
        Unary("Not", value => value, value => value == 0 ? 1 : 0),
        new("Cast", Cast),
        new("Where", Where),
    ];

    private static KeyValuePair<string, Action<Node>> Binary(string type, Func<float, float, float> floats, Func<long, long, long> integers) =>
        new(type, node => node.Set(0, Joined(node, node.Constant(0), node.Constant(1), floats, integers)));

    private static KeyValuePair<string, Action<Node>> Several(string type, Func<float, float, float> floats, Func<long, long, long> integers) =>
        new(type, node => node.Set(0, Enumerable.Range(0, node.Inputs.Count).Select(node.Constant).Aggregate((a, b) => Joined(node, a, b, floats, integers))));

    /// <summary>The remainder has the sign of the dividend for floating-point numbers and with <c>fmod</c>, and otherwise that of the divisor.</summary>
    private static void Mod(Node node)
    {
        var isOfDividend = node.Int("fmod", 0) == 1;
        node.Set(0, Joined(node, node.Constant(0), node.Constant(1), (a, b) => a % b, (a, b) => isOfDividend ? a % b : ((a % b) + b) % b));
    }

    private static Constant Joined(Node node, Constant a, Constant b, Func<float, float, float> floats, Func<long, long, long> integers)
    {
        var shape = Broadcasts.Shape(node, a.Shape, b.Shape);
        var (left, right) = (new Repeated(a, shape), new Repeated(b, shape));
        return a.IsInteger && b.IsInteger
            ? Constant.Of(shape, Each(node, shape, left, right, i => integers(a.Integer(left[i]), b.Integer(right[i]))), node.Name)
            : Constant.Of(shape, Each(node, shape, left, right, i => floats(a.Float(left[i]), b.Float(right[i]))), node.Name, a.IsTrained || b.IsTrained);
    }

    private static KeyValuePair<string, Action<Node>> Compare(string type, Func<double, double, bool> compare) => new(type, node =>
    {
        var (a, b) = (node.Constant(0), node.Constant(1));
        var shape = Broadcasts.Shape(node, a.Shape, b.Shape);
        var (left, right) = (new Repeated(a, shape), new Repeated(b, shape));
        var integer = a.IsInteger && b.IsInteger;
        node.Set(0, Constant.Of(shape, Each(node, shape, left, right, i => compare(At(a, left[i]), At(b, right[i])) ? 1L : 0L), node.Name));

        double At(Constant constant, long index) => integer ? constant.Integer(index) : constant.Float(index);
    });

    private static KeyValuePair<string, Action<Node>> Unary(string type, Func<float, float> floats, Func<long, long>? integers = null) => new(type, node =>
    {
        var input = node.Constant(0);
        node.Set(0, input.IsInteger && integers is not null
            ? Constant.Of(input.Shape, Array.ConvertAll(input.Integers, value => integers(value)), node.Name)
            : Constant.Of(input.Shape, Array.ConvertAll(input.Floats, value => floats(value)), node.Name, input.IsTrained));
    });

    private static void Cast(Node node)
    {
        var input = node.Constant(0);
        var to = node.Int("to", 1);
        node.Set(0, to is 1 or 10 or 11 or 16
            ? input.IsInteger ? Constant.Of(input.Shape, input.Floats, input.Source) : input
            : to == 9
                ? Constant.Of(input.Shape, input.IsInteger ? Array.ConvertAll(input.Integers, value => value == 0 ? 0L : 1) : Array.ConvertAll(input.Floats, value => value == 0 ? 0L : 1), input.Source)
                : input.IsInteger ? input : Constant.Of(input.Shape, input.Integers, input.Source));
    }

    private static void Where(Node node)
    {
        var (condition, a, b) = (node.Constant(0), node.Constant(1), node.Constant(2));
        var shape = Broadcasts.Shape(node, Broadcasts.Shape(node, condition.Shape, a.Shape), b.Shape);
        var (which, left, right) = (new Repeated(condition, shape), new Repeated(a, shape), new Repeated(b, shape));
        var count = which.IsSingle && left.IsSingle && right.IsSingle ? 1 : Folder.Count(node, shape);
        node.Set(0, a.IsInteger && b.IsInteger
            ? Constant.Of(shape, [.. Enumerable.Range(0, count).Select(i => condition.Integer(which[i]) != 0 ? a.Integer(left[i]) : b.Integer(right[i]))], node.Name)
            : Constant.Of(shape, [.. Enumerable.Range(0, count).Select(i => condition.Integer(which[i]) != 0 ? a.Float(left[i]) : b.Float(right[i]))], node.Name));
    }

    private static T[] Each<T>(Node node, long[] shape, Repeated left, Repeated right, Func<long, T> compute)
    {
        var result = new T[left.IsSingle && right.IsSingle && Sizes.Product(shape) > 0 ? 1 : Folder.Count(node, shape)];
        for (var i = 0; i < result.Length; i++) result[i] = compute(i);
        return result;
    }
}
