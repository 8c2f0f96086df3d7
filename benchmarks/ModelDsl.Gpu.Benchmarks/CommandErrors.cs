namespace ModelDsl.Benchmarks.Gpu;

/// <summary>The errors of commands that are not errors of the program.</summary>
internal static class CommandErrors
{
    /// <summary>Runs a command, and writes the message of such an error to the standard error stream.</summary>
    /// <returns>The exit code: 2 after such an error.</returns>
    public static int Report(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (exception is InvalidOperationException or DeviceLostException)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
    }
}
