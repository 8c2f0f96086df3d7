using System.Text;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Checks many things and then fails once, naming all that went wrong.</summary>
internal static class Failures
{
    public static void Collect<T>(IEnumerable<T> items, Action<T> check)
    {
        var failures = new StringBuilder();
        foreach (var item in items)
        {
            try
            {
                check(item);
            }
            catch (Exception exception)
            {
                failures.AppendLine($"{item}: {(exception is Xunit.Sdk.XunitException ? exception.Message : exception.ToString())}");
            }
        }

        Assert.True(failures.Length == 0, failures.ToString());
    }
}
