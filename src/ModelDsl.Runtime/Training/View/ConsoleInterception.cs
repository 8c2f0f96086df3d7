using System.Text;
using Spectre.Console;

namespace ModelDsl;

/// <summary>Replaces the writers of the console, those of <see cref="Console"/> and of <see cref="AnsiConsole"/>, until it is disposed. There is one at a time, because each restores the writers that it found.</summary>
internal sealed class ConsoleInterception : IDisposable
{
    private static readonly Lock Gate = new();
    private static bool isActive;

    private readonly TextWriter output = Console.Out;
    private readonly TextWriter error = Console.Error;
    private readonly IAnsiConsoleOutput spectre = AnsiConsole.Profile.Out;
    private readonly TextWriter interceptedOutput;
    private readonly TextWriter interceptedError;
    private readonly IAnsiConsoleOutput interceptedSpectre;
    private bool isDisposed;

    /// <summary>Replaces the writers, unless they are replaced already.</summary>
    /// <param name="intercept">Returns the replacement of a writer.</param>
    /// <returns>The interception; null if there is another one.</returns>
    public static ConsoleInterception? TryBegin(Func<TextWriter, TextWriter> intercept)
    {
        lock (Gate)
        {
            if (isActive)
                return null;
            var interception = new ConsoleInterception(intercept);
            isActive = true;
            return interception;
        }
    }

    private ConsoleInterception(Func<TextWriter, TextWriter> intercept)
    {
        Console.SetOut(intercept(output));
        interceptedOutput = Console.Out;

        // Messages in a file do not disturb the screen.
        if (!Console.IsErrorRedirected)
            Console.SetError(intercept(error));
        interceptedError = Console.Error;
        interceptedSpectre = new Output(intercept(spectre.Writer), spectre);
        AnsiConsole.Profile.Out = interceptedSpectre;
    }

    /// <summary>Restores the writers, except those that the program has replaced meanwhile.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (isDisposed)
                return;
            isDisposed = true;
            isActive = false;
            if (ReferenceEquals(Console.Out, interceptedOutput))
                Console.SetOut(output);
            if (ReferenceEquals(Console.Error, interceptedError))
                Console.SetError(error);
            if (ReferenceEquals(AnsiConsole.Profile.Out, interceptedSpectre))
                AnsiConsole.Profile.Out = spectre;
        }
    }

    /// <summary>An output of Spectre.Console with another writer.</summary>
    private sealed class Output(TextWriter writer, IAnsiConsoleOutput original) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => original.IsTerminal;

        public int Width => original.Width;

        public int Height => original.Height;

        public void SetEncoding(Encoding encoding) => original.SetEncoding(encoding);
    }
}
