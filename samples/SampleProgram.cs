using System.CommandLine;
using ModelDsl;
using Spectre.Console;

/// <summary>What the programs of the samples have in common: Ctrl+C, messages about files, and exit codes.</summary>
internal static class SampleProgram
{
    /// <summary>Runs a command.</summary>
    /// <param name="command">The command with its options.</param>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="run">Does the work, and returns the exit code.</param>
    /// <param name="help">How to get the data, for a message about a file that does not exist; null if the message is enough.</param>
    /// <param name="refusesInput">Whether an <see cref="ArgumentException"/> is about a text or a number that the user gave; otherwise it is an error of the program, and shown with its origin.</param>
    /// <returns>0 when all went well, 1 when the work was cancelled or a file cannot be read, 2 without data.</returns>
    public static int Run(RootCommand command, string[] args, Func<ParseResult, CancellationToken, int> run, string? help = null, bool refusesInput = false)
    {
        AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;

        // On another thread, because Ctrl+C sets the token only after this method has returned. Then the current step is completed, and a run with a folder is saved.
        command.SetAction((options, cancellation) => Task.Run(() => Try(options, run, help, refusesInput, cancellation)));
        return command.Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
    }

    private static int Try(ParseResult options, Func<ParseResult, CancellationToken, int> run, string? help, bool refusesInput, CancellationToken cancellation)
    {
        try
        {
            return run(options, cancellation);
        }
        catch (FileNotFoundException missing) when (help is not null && IsOfData(missing, options))
        {
            Console.WriteLine($"{missing.Message}\n\n{help}");
            return 2;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or CheckpointMismatchException || (refusesInput && exception is ArgumentException))
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }

    /// <summary>Whether a file is missing in the folder of the data.</summary>
    private static bool IsOfData(FileNotFoundException missing, ParseResult options) =>
        missing.FileName is null || (options.GetValue<DirectoryInfo>("--data") is { } data && Path.GetFullPath(missing.FileName).StartsWith(data.FullName, StringComparison.Ordinal));
}
