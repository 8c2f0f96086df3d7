using System.Globalization;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Emit;

/// <summary>Writes values as C# literals: invariant culture, round-trip format, with suffix.</summary>
internal static class Literals
{
    /// <summary>A float literal that parses to the nearest float.</summary>
    public static string Float(double value)
    {
        var single = (float)value;
        if (float.IsNaN(single)) return "float.NaN";
        if (float.IsPositiveInfinity(single)) return "float.PositiveInfinity";
        if (float.IsNegativeInfinity(single)) return "float.NegativeInfinity";
        return single.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    public static string Double(double value) =>
        double.IsNaN(value) ? "double.NaN"
        : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "d";

    public static string Int(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(string value) => $"\"{Printable.Line(value.Replace("\\", "\\\\").Replace("\"", "\\\""))}\"";
}
