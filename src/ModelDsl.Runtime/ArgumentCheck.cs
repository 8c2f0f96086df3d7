using System.Globalization;
using System.Runtime.CompilerServices;

namespace ModelDsl;

/// <summary>Checks arguments that are numbers. Error messages contain the name of the argument or property, and the valid range.</summary>
internal static class ArgumentCheck
{
    /// <summary>Checks that an integer is not too small.</summary>
    /// <param name="value">The number.</param>
    /// <param name="least">The smallest valid value.</param>
    /// <param name="name">The name of the argument; properties omit it, so that it is their own name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is too small.</exception>
    public static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw Out(name, value, $"at least {least}");

    /// <summary>Checks that a number is in a range, and not NaN.</summary>
    /// <param name="value">The number.</param>
    /// <param name="least">The smallest valid value.</param>
    /// <param name="most">The greatest valid value.</param>
    /// <param name="name">The name of the argument; properties omit it, so that it is their own name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside the range, or NaN.</exception>
    public static double Within(double value, double least, double most, [CallerMemberName] string name = "") =>
        value >= least && value <= most ? value : throw Out(name, value, string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}"));

    /// <summary>Checks that a number is at least 0 and less than a bound.</summary>
    /// <param name="value">The number.</param>
    /// <param name="bound">The exclusive upper bound.</param>
    /// <param name="name">The name of the argument; properties omit it, so that it is their own name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside the range, or NaN.</exception>
    public static double Below(double value, double bound, [CallerMemberName] string name = "") =>
        value >= 0 && value < bound ? value : throw Out(name, value, string.Create(CultureInfo.InvariantCulture, $"at least 0 and less than {bound}"));

    /// <summary>Checks that a number is finite and not negative.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The name of the argument; properties omit it, so that it is their own name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, infinite or NaN.</exception>
    public static double NotNegative(double value, [CallerMemberName] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw Out(name, value, "a finite number of at least 0");

    /// <summary>Checks that a number is finite and positive.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The name of the argument; properties omit it, so that it is their own name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, infinite or NaN.</exception>
    public static double Positive(double value, [CallerMemberName] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw Out(name, value, "a finite number greater than 0");

    /// <summary>Returns the exception for a number outside its range.</summary>
    /// <param name="name">The name of the argument or property.</param>
    /// <param name="value">The number.</param>
    /// <param name="allowed">The valid range, as text.</param>
    public static ArgumentOutOfRangeException Out(string name, object value, string allowed) => new(name, value, $"{name} must be {allowed}.");
}
