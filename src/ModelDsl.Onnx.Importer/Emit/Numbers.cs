using System.Globalization;

namespace ModelDsl.Onnx.Importer.Emit;

/// <summary>Numbers as C#.</summary>
internal static class Numbers
{
    /// <summary>Returns the shortest decimal number that is the same as a 32-bit float: 0.1 and not 0.10000000149.</summary>
    public static double Exact(float value) => float.IsFinite(value) ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;

    /// <summary>Returns a number. Infinity becomes the largest float, which has the same effect in masks and limits, and is a number in C#.</summary>
    public static string Text(double value)
    {
        if (double.IsNaN(value)) throw new ImportException(ImportException.Unsupported, "a constant is NaN, which a model cannot contain.");
        var text = Math.Clamp(value, -float.MaxValue, float.MaxValue).ToString("R", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>Returns a number as the operand of an operator.</summary>
    public static string Operand(double value) => value < 0 ? $"({Text(value)})" : Text(value);

    /// <summary>Returns a number as a 32-bit float.</summary>
    public static string Float(double value) => Text(value) + "f";

    /// <summary>Returns an argument of a call if it is not the default: <c>, epsilon: 0.001</c>.</summary>
    public static string Argument(string name, double value, double standard) => value == standard ? "" : $", {name}: {Text(value)}";

    /// <inheritdoc cref="Argument(string, double, double)"/>
    public static string Argument(string name, long value, long standard) => value == standard ? "" : $", {name}: {value}";
}
