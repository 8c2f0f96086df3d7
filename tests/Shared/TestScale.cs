using System.Globalization;

namespace ModelDsl.Tests.Shared;

/// <summary>
/// How much the random tests try. A developer's run is short; <c>.ci/run</c> sets <c>MODELDSL_TEST_SCALE</c> to 10. <c>MODELDSL_TEST_SEED</c> chooses other random
/// cases.
/// </summary>
internal static class TestScale
{
    private const string FactorVariable = "MODELDSL_TEST_SCALE";
    private const string SeedVariable = "MODELDSL_TEST_SEED";

    /// <summary>How many times as much as a developer's run does.</summary>
    public static int Factor { get; } = Read(FactorVariable);

    /// <summary>Where random tests begin.</summary>
    public static int Seed { get; } = Read(SeedVariable);

    /// <summary>How many there are to try, of so many in a developer's run.</summary>
    public static int Of(int count) => checked(count * Factor);

    /// <summary>How to repeat a run, for messages.</summary>
    public static string Described => $"{SeedVariable}={Seed} {FactorVariable}={Factor}";

    private static int Read(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text) return 1;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new InvalidOperationException($"{variable} is '{text}'; it must be a whole number above 0.");
    }
}
