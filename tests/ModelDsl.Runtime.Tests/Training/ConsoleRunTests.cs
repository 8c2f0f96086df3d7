using Spectre.Console;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Runs that show the live screen on the console of the program.</summary>
[Collection(ConsoleScreenTests.Alone)]
public sealed class ConsoleRunTests : IDisposable
{
    private readonly TextWriter output = Console.Out;
    private readonly IAnsiConsole console = AnsiConsole.Console;
    private readonly StringWriter text = new() { NewLine = "\n" };
    private readonly (TextWriter, TextWriter, IAnsiConsoleOutput) before;

    public ConsoleRunTests()
    {
        Console.SetOut(text);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        (AnsiConsole.Profile.Width, AnsiConsole.Profile.Height) = (90, 25);
        before = Writers;
    }

    private static (TextWriter, TextWriter, IAnsiConsoleOutput) Writers => (Console.Out, Console.Error, AnsiConsole.Profile.Out);

    public void Dispose()
    {
        Console.SetOut(output);
        AnsiConsole.Console = console;
        text.Dispose();
    }

    [Theory]
    [InlineData(nameof(TrainingCallback.Started))]
    [InlineData(nameof(TrainingCallback.EpochEnded))]
    [InlineData(nameof(TrainingCallback.Ended))]
    public void The_console_is_restored_when_a_callback_fails(string method)
    {
        using var model = new TinyClassifier();
        var failing = new Failing(method);
        var trainer = new Trainer(new Sgd(1)) { Epochs = 1, View = new ConsoleTrainingView(ConsoleScreen.OfProgram), Callbacks = [failing] };
        Assert.Throws<InvalidDataException>(() => trainer.Fit(model, TrainingData.Sides(64)));
        Assert.NotEqual(before.Item1, failing.Output);
        Assert.Equal(before, Writers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_run_writes_lines_above_the_screen_of_the_first(bool endsFirst)
    {
        var (first, second) = (ConsoleScreen.OfProgram(), ConsoleScreen.OfProgram());
        Assert.Equal((true, false), (first.CanOverwrite, second.CanOverwrite));
        first.Show(["bar"]);
        second.Write("line");
        Assert.EndsWith("\r\u001b[Jline\n\rbar\u001b[K\u001b[J", text.ToString(), StringComparison.Ordinal);

        (endsFirst ? first : second).Dispose();
        (endsFirst ? second : first).Dispose();
        second.Write("last");
        Assert.EndsWith("\r\u001b[Jlast\n", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Writers);
        using var third = ConsoleScreen.OfProgram();
        Assert.True(third.CanOverwrite);
    }

    [Fact]
    public void The_screen_has_the_size_that_the_program_gives_its_console()
    {
        using var screen = ConsoleScreen.OfProgram();
        Assert.Equal((89, 25), (screen.Width, screen.Height));
        AnsiConsole.Profile.Width = 70;
        Assert.Equal(69, screen.Width);
    }

    private sealed class Failing(string method) : TrainingCallback
    {
        public TextWriter? Output { get; private set; }

        public override void Started(TrainingRun run)
        {
            Output = Console.Out;
            Fail(nameof(Started));
        }

        public override void EpochEnded(TrainingRun run, EpochResult epoch) => Fail(nameof(EpochEnded));

        public override void Ended(TrainingRun run) => Fail(nameof(Ended));

        private void Fail(string name)
        {
            if (name == method)
                throw new InvalidDataException(name);
        }
    }
}
