using System.Globalization;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Layers;

/// <summary>Arithmetic of values that are known when the model is compiled: int, float, double, bool and string, as C# defines it.</summary>
internal static class BuildTime
{
    private const int LongestText = 10_000;

    public const string Functions = "Abs, Atan, Ceiling, Clamp, Cos, Exp, Floor, Log, Log2, Max, Min, Pow, Round, Sin, Sqrt, Tan, Tanh";

    /// <summary>Returns the result; null if the operator is not defined for these values.</summary>
    /// <exception cref="ArithmeticException">A division by zero or an overflow.</exception>
    public static object? Binary(BinaryOperatorKind op, object left, object right) => (left, right) switch
    {
        (int a, int b) => OfInts(op, a, b),
        (float a, float b) => OfDoubles(op, a, b) is double value ? (float)value : OfDoubles(op, a, b),
        (double a, double b) => OfDoubles(op, a, b),
        (bool a, bool b) => OfBools(op, a, b),
        (string, _) or (_, string) => OfTexts(op, Text(left), Text(right)),
        _ => null,
    };

    public static object? Unary(UnaryOperatorKind op, object value) => (op, value) switch
    {
        (UnaryOperatorKind.Plus, int or float or double) => value,
        (UnaryOperatorKind.Minus, int number) => checked(-number),
        (UnaryOperatorKind.Minus, float number) => -number,
        (UnaryOperatorKind.Minus, double number) => -number,
        (UnaryOperatorKind.Not, bool flag) => !flag,
        (UnaryOperatorKind.BitwiseNegation, int number) => ~number,
        _ => null,
    };

    public static object Convert(NumberType to, object value)
    {
        var number = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (to == NumberType.Double) return number;
        if (to == NumberType.Float) return (float)number;
        if (value is int) return value;
        return number is > int.MinValue - 1.0 and < int.MaxValue + 1.0 ? (int)number : throw new OverflowException("it does not fit into an int");
    }

    /// <summary>Returns the result of a function of Math or MathF; null for an unknown function.</summary>
    public static object? Call(string name, IReadOnlyList<object> arguments)
    {
        if (arguments.Any(argument => argument is not (int or float or double))) return null;
        var x = arguments.Select(argument => System.Convert.ToDouble(argument, CultureInfo.InvariantCulture)).ToArray();
        double? result = (name, x.Length) switch
        {
            ("Abs", 1) => Math.Abs(x[0]),
            ("Atan", 1) => Math.Atan(x[0]),
            ("Ceiling", 1) => Math.Ceiling(x[0]),
            ("Clamp", 3) => Math.Min(Math.Max(x[0], x[1]), x[2]),
            ("Cos", 1) => Math.Cos(x[0]),
            ("Exp", 1) => Math.Exp(x[0]),
            ("Floor", 1) => Math.Floor(x[0]),
            ("Log", 1) => Math.Log(x[0]),
            ("Log2", 1) => Math.Log(x[0], 2),
            ("Max", 2) => Math.Max(x[0], x[1]),
            ("Min", 2) => Math.Min(x[0], x[1]),
            ("Pow", 2) => Math.Pow(x[0], x[1]),
            ("Round", 1) => Math.Round(x[0]),
            ("Sin", 1) => Math.Sin(x[0]),
            ("Sqrt", 1) => Math.Sqrt(x[0]),
            ("Tan", 1) => Math.Tan(x[0]),
            ("Tanh", 1) => Math.Tanh(x[0]),
            _ => null,
        };
        if (result is not { } value) return null;
        if (name is "Abs" or "Clamp" or "Max" or "Min" && arguments.All(argument => argument is int)) return Convert(NumberType.Int, value);
        return arguments.All(argument => argument is float) ? (object)(float)value : value;
    }

    public static string Text(object value) => value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value.ToString();

    private static object? OfInts(BinaryOperatorKind op, int a, int b) => op switch
    {
        BinaryOperatorKind.Add => checked(a + b),
        BinaryOperatorKind.Subtract => checked(a - b),
        BinaryOperatorKind.Multiply => checked(a * b),
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        BinaryOperatorKind.LeftShift => a << b,
        BinaryOperatorKind.RightShift => a >> b,
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        _ => Compare(op, a.CompareTo(b)),
    };

    private static object? OfDoubles(BinaryOperatorKind op, double a, double b) => op switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        BinaryOperatorKind.NotEquals => a != b,
        _ => double.IsNaN(a) || double.IsNaN(b) ? Compare(op, 0) is null ? null : false : Compare(op, a.CompareTo(b)),
    };

    private static object? OfBools(BinaryOperatorKind op, bool a, bool b) => op switch
    {
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.NotEquals => a != b,
        BinaryOperatorKind.Equals => a == b,
        _ => null,
    };

    /// <summary>Concatenates strings, which are names and so not long.</summary>
    /// <exception cref="OverflowException">The result is too long.</exception>
    public static string Join(IEnumerable<string> parts)
    {
        var text = string.Concat(parts);
        return text.Length <= LongestText ? text : throw new OverflowException("the text is too long");
    }

    private static object? OfTexts(BinaryOperatorKind op, string a, string b) => op switch
    {
        BinaryOperatorKind.Add => Join([a, b]),
        BinaryOperatorKind.Equals => a == b,
        BinaryOperatorKind.NotEquals => a != b,
        _ => null,
    };

    private static object? Compare(BinaryOperatorKind op, int order) => op switch
    {
        BinaryOperatorKind.Equals => order == 0,
        BinaryOperatorKind.NotEquals => order != 0,
        BinaryOperatorKind.LessThan => order < 0,
        BinaryOperatorKind.LessThanOrEqual => order <= 0,
        BinaryOperatorKind.GreaterThan => order > 0,
        BinaryOperatorKind.GreaterThanOrEqual => order >= 0,
        _ => null,
    };
}
