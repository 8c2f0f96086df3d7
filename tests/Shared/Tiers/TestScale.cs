using System.Globalization;

namespace ModelDsl.Tests.Shared;

/// <summary>
/// How much tests try: the fast tier in a developer's <c>dotnet test</c>, the standard tier in <c>.ci/run</c>, which sets <c>MODELDSL_TEST_SCALE</c> to 2, and the long tier in <c>.ci/run --long</c>, which sets it to 20.
/// <c>MODELDSL_TEST_SEED</c> chooses other random cases. Where <c>MODELDSL_TEST_COUNTS</c> names a file, the numbers of cases are added to it.
/// </summary>
internal static class TestScale
{
    private const string FactorVariable = "MODELDSL_TEST_SCALE";
    private const string SeedVariable = "MODELDSL_TEST_SEED";
    private const string CountsVariable = "MODELDSL_TEST_COUNTS";

    private static readonly Lock Writing = new();

    /// <summary>How many times as many random cases as the fast tier has.</summary>
    public static int Factor { get; } = Read(FactorVariable);

    /// <summary>Where random tests begin.</summary>
    public static int Seed { get; } = Read(SeedVariable);

    /// <summary>Whether this is a developer's run.</summary>
    public static bool IsFast => Factor == 1;

    /// <summary>Whether everything is tried.</summary>
    public static bool IsLong => Factor >= 10;

    /// <summary>How to repeat a run, for messages.</summary>
    public static string Described => $"{SeedVariable}={Seed} {FactorVariable}={Factor}";

    /// <summary>How many there are to try.</summary>
    /// <param name="what">What is counted, such as <c>damaged files of each kind</c>.</param>
    /// <param name="count">How many there are in the fast tier.</param>
    public static int Of(string what, int count)
    {
        var now = checked(count * Factor);
        Count(what, count, now);
        return now;
    }

    /// <summary>How many there are to try, if the standard tier tries far more than the fast one.</summary>
    /// <param name="what">What is counted.</param>
    /// <param name="count">How many there are in the fast tier.</param>
    /// <param name="standard">How many there are in the standard tier. The long tier has twice as many.</param>
    public static int Of(string what, int count, int standard)
    {
        var now = IsFast ? count : checked(standard * Math.Max(1, Factor / 10));
        Count(what, count, now);
        return now;
    }

    /// <summary>How many there are to try, if the fast tier tries even fewer than its part.</summary>
    /// <param name="what">What is counted.</param>
    /// <param name="fast">How many there are in the fast tier.</param>
    /// <param name="part">How many there are in the other tiers, for each time that they try as many random cases as the fast tier.</param>
    public static int Fewer(string what, int fast, int part)
    {
        var now = IsFast ? fast : checked(part * Factor);
        Count(what, fast, now);
        return now;
    }

    /// <summary>The cases of this run: in the fast tier every so many of them, otherwise all.</summary>
    /// <param name="what">What is counted, such as <c>networks that PyTorch has trained</c>.</param>
    /// <param name="cases">All cases. Those that are alike stand beside each other.</param>
    /// <param name="interval">Of how many the fast tier has one.</param>
    public static IReadOnlyList<T> Some<T>(string what, IEnumerable<T> cases, int interval)
    {
        T[] all = [.. cases];
        T[] some = [.. all.Where((_, number) => number % interval == 0)];
        Count(what, some.Length, IsFast ? some.Length : all.Length);
        return IsFast ? some : all;
    }

    /// <summary>Notes how many cases there are.</summary>
    /// <param name="what">What is counted.</param>
    /// <param name="fast">How many there are in the fast tier.</param>
    /// <param name="now">How many there are in this one.</param>
    public static void Count(string what, int fast, int now)
    {
        if (Environment.GetEnvironmentVariable(CountsVariable) is not { Length: > 0 } file) return;
        lock (Writing) File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{what}\t{fast}\t{now}\n"));
    }

    private static int Read(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text) return 1;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new InvalidOperationException($"{variable} is '{text}'; it must be a whole number above 0.");
    }
}
