namespace ModelDsl.Tests.Shared;

/// <summary>
/// How many random cases tests run. The environment variable MODELDSL_TEST_SCALE, a whole number, multiplies the number of those of an ordinary run: 1, the
/// default, for seconds, 100 for a night.
/// </summary>
internal static class TestScale
{
    /// <summary>The name of the environment variable.</summary>
    public const string Variable = "MODELDSL_TEST_SCALE";

    /// <summary>What numbers of cases are multiplied by.</summary>
    public static int Factor { get; } = Read(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The number of cases to run.</summary>
    /// <param name="cases">Those of an ordinary run.</param>
    public static int Cases(int cases) => checked(cases * Factor);

    private static int Read(string? text) =>
        string.IsNullOrEmpty(text) ? 1
        : int.TryParse(text, out var factor) && factor > 0 ? factor
        : throw new InvalidOperationException($"{Variable} is '{text}'; it must be a whole number of at least 1.");
}
