using Spectre.Console;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>The screen, and text that the program writes while it is shown. The tests replace the writers of the console, so no other test may run at the same time.</summary>
[Collection(Alone)]
public sealed class ConsoleScreenTests
{
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;

    internal const string Alone = "Writers of the console";
    private const string Erase = "\r\u001b[J";

    [Fact]
    public void Text_of_the_program_stays_above_the_screen()
    {
        var (screen, text) = Screen();
        var writer = new InterceptedWriter(text, screen);
        screen.Show(["bar"]);
        writer.WriteLine("from the program");
        writer.WriteLine(12);
        screen.Show(["bar"]);

        const string Bar = "\rbar\u001b[K\u001b[J";
        Assert.Equal($"{Bar}{Erase}from the program\n{Bar}{Erase}12\n{Bar}{Bar}", text.ToString());
    }

    [Fact]
    public void A_line_of_the_program_that_is_not_complete_is_ended_before_the_screen_is_shown()
    {
        var (screen, text) = Screen();
        var writer = new InterceptedWriter(text, screen);
        writer.Write('.');
        writer.Write(".");
        screen.Show(["bar"]);
        screen.Show(["bar"]);
        screen.Clear();

        Assert.StartsWith("..\n\rbar", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, text.ToString().Count(static character => character == '\n'));
    }

    [Fact]
    public void All_writers_of_the_console_are_intercepted_until_the_end_of_the_run()
    {
        var (output, error) = (Console.Out, Console.Error);
        using var text = new StringWriter();
        try
        {
            Console.SetOut(text);
            var before = (Console.Out, Console.Error, AnsiConsole.Profile.Out);
            var intercepted = new List<string>();
            using (ConsoleInterception.TryBegin(target => new Recording(intercepted)))
            {
                Console.WriteLine("out");
                AnsiConsole.Profile.Out.Writer.WriteLine("spectre");
                AnsiConsole.WriteLine("markup");
                if (!Console.IsErrorRedirected)
                    Console.Error.WriteLine("error");
            }

            Assert.Equal(before, (Console.Out, Console.Error, AnsiConsole.Profile.Out));
            Assert.Equal("", text.ToString());
            string[] expected = Console.IsErrorRedirected ? ["out", "spectre", "markup"] : ["out", "spectre", "markup", "error"];
            Assert.Equal(expected, string.Concat(intercepted).ReplaceLineEndings("\n").TrimEnd().Split('\n'));
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    [Fact]
    public void A_writer_that_the_program_sets_during_a_run_stays()
    {
        var output = Console.Out;
        using var own = new StringWriter();
        try
        {
            using (ConsoleInterception.TryBegin(static target => target))
                Console.SetOut(own);
            Console.Write("kept");
            Assert.Equal("kept", own.ToString());
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    [Fact]
    public void Threads_that_write_while_the_screen_changes_do_not_mix_with_it()
    {
        var (screen, text) = Screen();
        var writer = TextWriter.Synchronized(new InterceptedWriter(text, screen));
        Parallel.For(0, 200, i =>
        {
            if (i % 2 == 0)
                screen.Show(["bar", "line"]);
            else
                writer.WriteLine("text");
        });
        screen.Clear();
        var lines = text.ToString().Split('\n');
        Assert.Equal(100, lines.Count(static line => line.EndsWith("text", StringComparison.Ordinal)));
    }

    [Fact]
    public void Redirected_output_gets_a_line_per_epoch_by_default()
    {
        if (!Console.IsOutputRedirected)
            return;
        var output = Console.Out;
        using var text = new StringWriter();
        try
        {
            Console.SetOut(text);
            using var model = new TinyClassifier();
            new Trainer(new Sgd(1)) { Epochs = 2 }.Fit(model, TrainingData.Sides(64));
        }
        finally
        {
            Console.SetOut(output);
        }

        Assert.Collection(
            text.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n'),
            static line => Assert.StartsWith("Epoch 1/2  loss ", line, StringComparison.Ordinal),
            static line => Assert.StartsWith("Epoch 2/2  loss ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_program_can_choose_the_view_of_all_trainers()
    {
        try
        {
            TrainingView.Default = TrainingView.None;
            Assert.Same(TrainingView.None, new Trainer(new Sgd(1)).View);
        }
        finally
        {
            TrainingView.Default = null;
        }

        Assert.NotSame(TrainingView.None, new Trainer(new Sgd(1)).View);
    }

    private static (ConsoleScreen Screen, StringWriter Text) Screen()
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        (console.Profile.Width, console.Profile.Height) = (80, 24);
        return (new ConsoleScreen(console), text);
    }

    private sealed class Recording(List<string> texts) : StringWriter
    {
        public override void Write(char value) => texts.Add(value.ToString());

        public override void Write(string? value) => texts.Add(value ?? "");

        public override void Write(char[] buffer, int index, int count) => texts.Add(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => texts.Add(buffer.ToString());

        public override void WriteLine(string? value) => texts.Add(value + "\n");
    }
}
