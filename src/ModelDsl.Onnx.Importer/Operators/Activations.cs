using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Functions of single elements.</summary>
internal static class Activations
{
    // Abramowitz and Stegun, 7.1.26: the absolute error is below 1.5e-7.
    private const string ErrorFunction = """
        var t = 1f / (1f + 0.3275911f * MathF.Abs(x));
        var polynomial = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
        return MathF.Sign(x) * (1f - polynomial * MathF.Exp(-x * x));
        """;

    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        Method("Relu", _ => "Relu()"),
        Method("Sigmoid", _ => "Sigmoid()"),
        Method("Tanh", _ => "Tanh()"),
        Method("Softplus", _ => "Softplus()"),
        Method("LeakyRelu", node => $"LeakyRelu({Numbers.Text(node.Float("alpha", 0.01))})"),
        Method("Elu", node => $"Elu({Numbers.Text(node.Float("alpha", 1))})"),
        Method("Gelu", node => node.Text("approximate", "none") == "tanh" ? "Gelu(approximate: true)" : "Gelu()"),
        Method("Exp", _ => "Exp()"),
        Method("Log", _ => "Log()"),
        Method("Sqrt", _ => "Sqrt()"),
        Method("Abs", _ => "Abs()"),
        Method("Sin", _ => "Sin()"),
        Method("Cos", _ => "Cos()"),
        Method("Identity", _ => ""),
        Function("Erf", _ => ErrorFunction),
        Function("HardSigmoid", node => $"MathF.Max(0f, MathF.Min(1f, {F(node.Float("alpha", 0.2))} * x + {F(node.Float("beta", 0.5))}))"),
        Function("HardSwish", _ => "x * MathF.Max(0f, MathF.Min(1f, x / 6f + 0.5f))"),
        Function("Selu", node => Selu(node.Float("alpha", 1.67326319217681884765625), node.Float("gamma", 1.05070102214813232421875))),
        Function("Celu", node => Celu(F(node.Float("alpha", 1)))),
        Function("ThresholdedRelu", node => $"x > {F(node.Float("alpha", 1))} ? x : 0f"),
        Function("Softsign", _ => "x / (1f + MathF.Abs(x))"),
        Function("Mish", _ => "x * MathF.Tanh(MathF.Max(x, 0f) + MathF.Log(1f + MathF.Exp(-MathF.Abs(x))))"),
        Function("Floor", _ => "MathF.Floor(x)"),
        Function("Ceil", _ => "MathF.Ceiling(x)"),
        Function("Round", _ => "MathF.Round(x)"),
        Function("Sign", _ => "MathF.Sign(x)"),
        Function("Tan", _ => "MathF.Tan(x)"),
        Function("Sinh", _ => "MathF.Sinh(x)"),
        Function("Cosh", _ => "MathF.Cosh(x)"),
        Function("Reciprocal", _ => "1f / x"),
        new("Neg", node => Apply(node, Negated)),
        new("Clip", Clip),
        new("Dropout", Dropout),
        new("Cast", Cast),
    ];

    /// <summary>Changes the sign of each element.</summary>
    public static Code Negated(Code code) => new("-{0}", Precedence.Unary, code);

    /// <summary>Applies a function of C# to each element.</summary>
    public static Code Function(Node node, Code input, string name, string body)
    {
        var member = node.Scope.Names.Function(name, body);
        return new($"{{0}}.Activation({member.Name})", Precedence.Primary, input) { Members = [member] };
    }

    /// <summary>Returns a number as a part of a name.</summary>
    public static string Named(double? limit) => limit is { } value ? Numbers.Text(value).Replace("-", "Minus", StringComparison.Ordinal).Replace('.', '_') : "";

    /// <summary>Returns a number as the operand of an operator between 32-bit floats.</summary>
    public static string F(double value) => value < 0 ? $"({Numbers.Float(value)})" : Numbers.Float(value);

    private static string Selu(double alpha, double gamma) => $"{F(gamma)} * (x > 0f ? x : {F(alpha)} * (MathF.Exp(x) - 1f))";

    private static string Celu(string alpha) => $"MathF.Max(0f, x) + MathF.Min(0f, {alpha} * (MathF.Exp(MathF.Min(x, 0f) / {alpha}) - 1f))";

    private static KeyValuePair<string, Action<Node>> Method(string type, Func<Node, string> call) =>
        new(type, node => Apply(node, code => call(node) is { Length: > 0 } text ? Code.Call(code, text) : code));

    private static KeyValuePair<string, Action<Node>> Function(string type, Func<Node, string> body) => new(type, node => Apply(node, code => Function(node, code, type, body(node))));

    private static void Apply(Node node, Func<Code, Code> apply)
    {
        if (node.Type == "Identity")
        {
            node.Set(0, node.Input(0));
            return;
        }

        var input = node.Tensor(0);
        node.Set(0, input.Map(apply));
    }

    private static void Clip(Node node)
    {
        var low = node.Has(1) ? node.Constant(1).Uniform : node.HasAttribute("min") ? node.Float("min", 0) : null;
        var high = node.Has(2) ? node.Constant(2).Uniform : node.HasAttribute("max") ? node.Float("max", 0) : null;
        node.Set(0, Limited(node, node.Tensor(0), low, high));
    }

    /// <summary>Returns a tensor whose elements are at least one number and at most another.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The tensor.</param>
    /// <param name="low">The lower limit, if there is one.</param>
    /// <param name="high">The upper limit, if there is one.</param>
    public static Tensor Limited(Node node, Tensor input, double? low, double? high)
    {
        low = low is { } least && least > -float.MaxValue ? Exact(least) : null;
        high = high is { } most && most < float.MaxValue ? Exact(most) : null;
        var body = "x";
        if (low is { } from) body = $"MathF.Max({body}, {F(from)})";
        if (high is { } to) body = $"MathF.Min({body}, {F(to)})";
        return input.Map(code => body == "x" ? code : body == "MathF.Max(x, 0f)" ? Code.Call(code, "Relu()") : Function(node, code, $"Clip{Named(low)}To{Named(high)}", body));

        static double Exact(double value) => Numbers.Exact((float)value);
    }

    private static void Dropout(Node node)
    {
        node.Require(!node.Needs(1), "the mask of a dropout is read, which exists in training only.");
        var rate = node.Has(1) ? node.Inputs[1] is Constant ratio ? Numbers.Exact((float)(ratio.Uniform ?? 0.5)) : 0.5 : node.Float("ratio", 0.5);
        node.Require(rate == 0 || !node.Has(2) || node.Inputs[2] is not Constant { Uniform: not 0 }, "it is exported for training: export the model for inference.");
        Apply(node, code => rate is > 0 and < 1 ? Code.Call(code, $"Dropout({Numbers.Text(rate)})") : code);
    }

    private static void Cast(Node node)
    {
        var isInteger = node.Int("to", 1) is not (1 or 10 or 11 or 16);
        if (node.Input(0) is Tensor { Kind: ElementKind.Token } tokens)
        {
            node.Set(0, isInteger ? tokens : node.Tensor(0));
            return;
        }

        var input = node.Tensor(0);
        if (node.Int("to", 1) == 9) node.Set(0, input.Code.IsLogical ? input with { Kind = ElementKind.Integer } : Comparisons.Logical(input.Map(code => Function(node, code, "IsNotZero", "x == 0f ? 0f : 1f"))));
        else if (isInteger == (input.Kind == ElementKind.Integer)) node.Set(0, input);
        else if (!isInteger) node.Set(0, input with { Kind = ElementKind.Float });
        else node.Set(0, input.Map(code => Function(node, code, "Truncated", "MathF.Truncate(x)")) with { Kind = ElementKind.Integer });
    }
}
