using System.Globalization;
using System.Runtime.CompilerServices;

namespace ModelDsl;

/// <summary>Checks of numbers that users give. Messages carry the name of the argument or property, and what is allowed.</summary>
internal static class ArgumentCheck
{
    /// <summary>A whole number that is not too small.</summary>
    /// <param name="value">The number.</param>
    /// <param name="least">The smallest that is allowed.</param>
    /// <param name="name">The argument; left out by properties, whose own name it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is too small.</exception>
    public static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw Out(name, value, $"at least {least}");

    /// <summary>A number in a range; NaN is in none.</summary>
    /// <param name="value">The number.</param>
    /// <param name="least">The smallest that is allowed.</param>
    /// <param name="most">The greatest that is allowed.</param>
    /// <param name="name">The argument; left out by properties, whose own name it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside.</exception>
    public static double Within(double value, double least, double most, [CallerMemberName] string name = "") =>
        value >= least && value <= most ? value : throw Out(name, value, string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}"));

    /// <summary>A number of at least 0 and less than a bound.</summary>
    /// <param name="value">The number.</param>
    /// <param name="bound">What it must be less than.</param>
    /// <param name="name">The argument; left out by properties, whose own name it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside.</exception>
    public static double Below(double value, double bound, [CallerMemberName] string name = "") =>
        value >= 0 && value < bound ? value : throw Out(name, value, string.Create(CultureInfo.InvariantCulture, $"at least 0 and less than {bound}"));

    /// <summary>A finite number that is not negative.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The argument; left out by properties, whose own name it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public static double NotNegative(double value, [CallerMemberName] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw Out(name, value, "a finite number of at least 0");

    /// <summary>A finite number that is positive.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The argument; left out by properties, whose own name it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, infinite or NaN.</exception>
    public static double Positive(double value, [CallerMemberName] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw Out(name, value, "a finite number greater than 0");

    /// <summary>The exception for a number out of its range.</summary>
    /// <param name="name">The argument or property.</param>
    /// <param name="value">The number.</param>
    /// <param name="allowed">What is allowed.</param>
    public static ArgumentOutOfRangeException Out(string name, object value, string allowed) => new(name, value, $"{name} must be {allowed}.");
}
