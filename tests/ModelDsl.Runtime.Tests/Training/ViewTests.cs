using ModelDsl.Runtime.Tests.Support;
using Spectre.Console;

namespace ModelDsl.Runtime.Tests.Training;

public sealed class ViewTests
{
    [Fact]
    public void Views_are_told_about_start_epochs_and_end()
    {
        using var model = new LinearModel();
        var recorder = new Recorder();
        new Trainer(new Sgd(0.1)) { Epochs = 2, View = recorder }.Fit(model, TrainingData.Linear(70));

        Assert.Equal(
            ["view started TrainingPlan { Model = LinearModel, Epochs = 2, StepsPerEpoch = 3, SamplesPerEpoch = 70, BatchSize = 32, Resumed =  }",
            "view epoch 1", "view epoch 2", "view finished 2"], recorder.Events);
    }

    [Fact]
    public void Progress_is_reported_at_once_and_then_seldom()
    {
        using var model = new LinearModel();
        var recorder = new Recorder();
        var history = new Trainer(new Sgd(0.01)) { Epochs = 1, BatchSize = 1, View = recorder }.Fit(model, TrainingData.Linear(20_000));

        var first = recorder.Reports[0];
        Assert.Equal((1, 1, 20_000, 1L), (first.Epoch, first.Step, first.Steps!.Value, first.Samples));
        Assert.Equal("mae", first.Metric!.Value.Name);
        Assert.InRange(recorder.Reports.Count, 1, 1 + (int)(history.Duration.TotalSeconds * 10));
    }

    [Fact]
    public void The_end_is_shown_even_after_an_exception()
    {
        using var model = new LinearModel();
        var recorder = new Recorder();
        var trainer = new Trainer(new Sgd(0.1)) { View = recorder };
        Assert.Throws<NonFiniteLossException>(() => trainer.Fit(model, Dataset.FromArrays([float.NaN, 0, 0], new float[2], targetLength: 2)));

        Assert.Equal("view finished 0", recorder.Events[^1]);
    }

    [Fact]
    public void Remaining_time_follows_from_the_share_done()
    {
        var progress = new TrainingProgress { Epoch = 1, Epochs = 2, Step = 25, Steps = 100, Samples = 250, Loss = 1, Elapsed = TimeSpan.FromSeconds(5) };

        Assert.Equal(15, progress.Remaining!.Value.TotalSeconds, 6);
        Assert.Equal(50, progress.SamplesPerSecond, 6);
        Assert.Null((progress with { Steps = null }).Remaining);
    }

    [Fact]
    public void The_plain_view_writes_one_line_per_epoch()
    {
        using var model = new TinyClassifier();
        var text = new StringWriter { NewLine = "\n" };
        new Trainer(new Sgd(1)) { Epochs = 2, View = TrainingView.Plain(text) }.Fit(model, TrainingData.Sides(64), TrainingData.Sides(64));
        var lines = text.ToString().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^Epoch 1/2  loss \d\.\d{4}  accuracy \d\.\d{4}  validation loss \d\.\d{4}  accuracy \d\.\d{4}  [\d,]+ samples/s  [\d.]+ s$", lines[0]);
    }

    [Fact]
    public void A_run_cancelled_in_its_first_epoch_says_how_many_steps_it_made()
    {
        using var cancellation = new CancellationTokenSource();
        using var model = new LinearModel();
        var passes = 0;
        model.Program.OnPass = _ =>
        {
            // Each step passes twice, so this is within the second step.
            if (++passes == 3)
                cancellation.Cancel();
        };
        var text = new StringWriter { NewLine = "\n" };
        new Trainer(new Sgd(0.1)) { BatchSize = 16, View = TrainingView.Plain(text) }.Fit(model, TrainingData.Linear(64), cancellation: cancellation.Token);

        Assert.Equal("Cancelled in the first epoch, after 2 steps.\n", text.ToString());
    }

    [Fact]
    public void Of_very_many_epochs_about_fifty_lines_stay()
    {
        var text = new StringWriter();
        using var model = new LinearModel();
        new Trainer(new Sgd(0.1)) { Epochs = 1000, View = TrainingView.Plain(text) }.Fit(model, TrainingData.Linear(4));

        Assert.Equal(51, text.ToString().Count(character => character == '\n'));
    }

    [Fact]
    public void The_line_of_a_low_console_has_bar_loss_metric_rate_and_time_left_and_is_written_over()
    {
        var (view, text) = Console(width: 120, ansi: true, height: 5);
        view.Started(new TrainingPlan("Net", 3, 200, 6400, 32));
        view.Progress(Half);
        view.Progress(Half with { Step = 150 });
        view.EpochEnded(new EpochResult { Epoch = 1, Loss = 0.25, Metrics = [], LearningRate = 1, Seconds = 20, SamplesPerSecond = 320 });
        view.Finished(new TrainingHistory());
        // Bold stays without colours.
        var lines = text.ToString().Replace("\u001b[1m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal).Split('\n');

        Assert.Equal("Net: 3 epochs, 6,400 samples, batches of 32", lines[0]);
        var parts = lines[1].Replace("\u001b[K", "", StringComparison.Ordinal).Replace("\u001b[J", "", StringComparison.Ordinal).Split('\r');
        Assert.Equal("Epoch 1/3 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  50% loss 0.5000  accuracy 0.7500  320 samples/s  0:10 left", parts[1]);
        Assert.Contains(" 75%", parts[2], StringComparison.Ordinal);
        Assert.Equal("Epoch 1/3  loss 0.2500  320 samples/s  20.0 s", parts[3]);
    }

    [Fact]
    public void The_live_screen_has_bars_current_and_best_values_curves_speed_and_memory()
    {
        var (view, text) = Console(width: 100, ansi: true);
        view.Started(new TrainingPlan("Net", 3, 200, 6400, 32));
        foreach (var (epoch, loss, validation) in new[] { (1, 0.9, 0.8), (2, 0.6, 0.85) })
        {
            view.Progress(Half with { Epoch = epoch, Loss = loss });
            view.EpochEnded(new EpochResult
            {
                Epoch = epoch,
                Loss = loss,
                Metrics = [new("accuracy", 1 - loss)],
                Validation = new Evaluation(validation, 10, [new("accuracy", 0.5)], []),
                LearningRate = 1,
                Seconds = 20,
                SamplesPerSecond = 320,
            });
        }

        view.Progress(Half with { Epoch = 3, Loss = 0.2, LearningRate = 1e-3, DataShare = 0.25 });
        var screen = text.ToString().Split('\r')[^1].Replace("\u001b[K", "", StringComparison.Ordinal).Replace("\u001b[J", "", StringComparison.Ordinal).Split('\n');

        Assert.Equal(
            [
                "Epoch 3/3 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  50%  0:10 left",
                "Run       ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  83%  0:10 left",
                "loss                  0.2000  █▅▁  best 0.6000 (epoch 2)",
                "accuracy              0.7500  ▁█  best 0.4000 (epoch 2)",
                "validation loss       0.8500  ▁█  best 0.8000 (epoch 1)",
                "validation accuracy   0.5000  ▁▁  best 0.5000 (epoch 1)",
            ],
            screen[..^1]);
        Assert.Matches(@"^learning rate 1E-3  320 samples/s  waiting for data 25 %  [\d,]+ MB$", screen[^1]);
    }

    [Fact]
    public void The_live_screen_shows_the_memory_of_a_device()
    {
        var (view, text) = Console(width: 100, ansi: true);
        view.Started(new TrainingPlan("Net", 3, 200, 6400, 32));
        view.Progress(Half with { DeviceMemoryInUse = 1_234_000_000, DeviceMemorySize = 150_000_000_000 });
        Assert.Contains(" MB  device 1,234 of 150,000 MB", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_live_screen_is_written_over_and_disappears_before_lines_that_stay()
    {
        var (view, text) = Console(width: 100, ansi: true);
        view.Started(new TrainingPlan("Net", 3, 200, 6400, 32));
        view.Progress(Half);
        view.Progress(Half);
        view.Finished(new TrainingHistory());

        // Two bars, a loss, a metric and the speed: the cursor returns to the first of them.
        Assert.Equal(2, text.ToString().Split("\r\u001b[4A").Length - 1);
        Assert.EndsWith("\r\u001b[4A\u001b[J", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_rest_of_a_run_takes_as_long_as_its_last_epoch()
    {
        var values = new RunValues();
        values.Add(Half);
        Assert.Equal(50, values.Remaining(Half)!.Value.TotalSeconds, 6);

        values.Add(new EpochResult { Epoch = 1, Loss = 1, Metrics = [], LearningRate = 1, Seconds = 30, SamplesPerSecond = 1 });
        Assert.Equal(40, values.Remaining(Half with { Epoch = 2 })!.Value.TotalSeconds, 6);
        Assert.Null(values.Remaining(Half with { Steps = null }));
    }

    [Theory]
    [InlineData(20, 24)]
    [InlineData(40, 24)]
    [InlineData(51, 24)]
    [InlineData(75, 24)]
    [InlineData(200, 24)]
    [InlineData(20, 5)]
    [InlineData(75, 5)]
    public void No_line_fills_the_width(int width, int height)
    {
        var (view, text) = Console(width, ansi: true, height);
        view.Started(new TrainingPlan("Net", 3, 200, 6400, 32));
        var before = text.ToString().Length;
        view.Progress(Half with { Metric = new MetricValue("a metric with a name that is longer than most", 0.75), LearningRate = 0.001, DataShare = 1 });
        var lines = text.ToString()[before..].Replace("\u001b[K", "", StringComparison.Ordinal).Replace("\u001b[J", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Split('\n');

        Assert.Equal(height >= LiveScreen.LeastHeight && width > LiveScreen.LeastWidth, lines.Length > 1);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
    }

    [Theory]
    [InlineData(120, "Epoch  1/10  loss 0.2512  accuracy 0.9123  validation loss 0.2987  accuracy 0.9042  12,345 samples/s  3.25 s")]
    [InlineData(109, "Epoch  1/10  loss 0.2512  accuracy 0.9123  validation loss 0.2987  accuracy 0.9042  12,345 samples/s  3.25 s")]
    [InlineData(108, "Epoch  1/10  loss 0.2512  accuracy 0.9123  validation loss 0.2987  accuracy 0.9042  3.25 s")]
    [InlineData(91, "Epoch  1/10  loss 0.2512  accuracy 0.9123  validation loss 0.2987  accuracy 0.9042  3.25 s")]
    [InlineData(90, "Epoch  1/10  loss 0.2512  accuracy 0.9123  validation loss 0.2987  accuracy 0.9042")]
    [InlineData(80, "Epoch  1/10  loss 0.2512  accuracy 0.9123  validation loss 0.2987\n             accuracy 0.9042")]
    [InlineData(40, "Epoch  1/10  loss 0.2512\n             accuracy 0.9123\n             validation loss 0.2987\n             accuracy 0.9042")]
    public void The_line_of_an_epoch_fits_the_width(int width, string expected)
    {
        var (view, text) = Console(width, ansi: true);
        view.Started(new TrainingPlan("Net", 10, 200, 6400, 32));
        var before = text.ToString().Length;
        view.EpochEnded(new EpochResult
        {
            Epoch = 1,
            Loss = 0.2512,
            Metrics = [new("accuracy", 0.9123)],
            Validation = new Evaluation(0.2987, 10, [new("accuracy", 0.9042)], []),
            LearningRate = 1,
            Seconds = 3.25,
            SamplesPerSecond = 12345,
        });

        Assert.Equal(expected + "\n", text.ToString()[before..]);
        Assert.All(text.ToString()[before..].Split('\n'), line => Assert.InRange(line.Length, 0, width - 1));
    }

    [Fact]
    public void Without_control_sequences_only_the_lines_that_stay_are_written()
    {
        var (view, text) = Console(width: 100, ansi: false);
        view.Progress(Half);

        Assert.Equal("", text.ToString());
    }

    [Fact]
    public void A_warning_is_a_line_that_stays()
    {
        var (view, text) = Console(width: 100, ansi: true);
        view.Progress(Half);
        view.Warned(new TrainingWarning("Values [0, 255] are large."));
        Assert.EndsWith("\u001b[JWarning: Values [0, 255] are large.\n", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_brackets_are_shown_as_they_are()
    {
        var (view, text) = Console(width: 100, ansi: true);
        view.Started(new TrainingPlan("Net[x]", 3, 200, 6400, 32));
        view.Progress(Half with { Metric = new MetricValue("hit[5]", 1) });

        Assert.Contains("Net[x]", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("hit[5]   1.0000", text.ToString(), StringComparison.Ordinal);
    }

    private static TrainingProgress Half => new()
    {
        Epoch = 1,
        Epochs = 3,
        Step = 100,
        Steps = 200,
        Samples = 3200,
        Loss = 0.5,
        Metric = new MetricValue("accuracy", 0.75),
        Elapsed = TimeSpan.FromSeconds(10),
    };

    private static (ConsoleTrainingView View, StringWriter Text) Console(int width, bool ansi, int height = 24)
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        return (new ConsoleTrainingView(() => new ConsoleScreen(console)), text);
    }
}
