namespace ModelDsl.Runtime.Tests.Training;

/// <summary>
/// Real data, which is not part of the repository: a folder that the environment variable MODELDSL_TEST_DATA names, with a folder per data set in the layout that
/// the data set is distributed in.
/// </summary>
internal static class TestData
{
    public const string Variable = "MODELDSL_TEST_DATA";

    /// <summary>The folder of a data set; it need not be there.</summary>
    public static string Folder(string name) => Path.Combine(Root, name);

    /// <summary>Why the tests of a data set cannot run; null when they can.</summary>
    public static string? WhyMissing(string name) =>
        Root.Length == 0 ? $"{Variable} names no folder with real data."
        : Directory.Exists(Folder(name)) ? null
        : $"{Variable} names {Root}, which has no folder '{name}'.";

    private static string Root => Environment.GetEnvironmentVariable(Variable) ?? "";
}

/// <summary>A test on a real data set: skipped where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DataFactAttribute : FactAttribute
{
    /// <param name="name">The name of the data set's folder.</param>
    public DataFactAttribute(string name) => Skip = TestData.WhyMissing(name);
}
