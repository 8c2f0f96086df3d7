using System.Globalization;

namespace Translate;

/// <summary>Makes pairs of the same date in two notations: one of many that people use, and that of ISO 8601.</summary>
internal static class DateNotations
{
    /// <summary>The number of dates, from 1950 to 2049. With these, two digits of a year are enough.</summary>
    public const int Dates = 36_525;

    private static readonly Func<DateTime, string>[] Notations =
    [
        Format("d MMMM yyyy"), Format("dddd, d MMMM yyyy"), Format("MMMM d, yyyy"), Format("dddd, MMMM d, yyyy"), Format("d MMM yyyy"), Format("ddd d MMM yyyy"), Format("MMM d, yyyy"),
        Format("MM/dd/yyyy"), Format("d.M.yyyy"), Format("dd.MM.yy"), Format("yyyyMMdd"),
        Format("MMM d yy"), date => $"the {Ordinal(date.Day)} of {Format("MMMM, yyyy")(date)}",
    ];

    private static readonly Func<string, string>[] Cases = [text => text, text => text.ToUpperInvariant(), text => text.ToLowerInvariant()];

    /// <summary>Makes pairs of different dates.</summary>
    /// <param name="count">The number of pairs, at most <see cref="Dates"/>.</param>
    /// <param name="seed">Decides the dates and their notations.</param>
    public static Pair[] Make(int count, int seed)
    {
        var random = new Random(seed);
        int[] days = [.. Enumerable.Range(0, Dates)];
        random.Shuffle(days);
        return [.. days.Take(count).Select(day =>
        {
            var date = new DateTime(1950, 1, 1).AddDays(day);
            var text = Notations[random.Next(Notations.Length)](date);
            return new Pair(Cases[random.Next(Cases.Length)](text), Format("yyyy-MM-dd")(date));
        })];
    }

    private static Func<DateTime, string> Format(string format) => date => date.ToString(format, CultureInfo.InvariantCulture);

    private static string Ordinal(int day) => day + (day is 11 or 12 or 13 ? "th" : (day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });
}
