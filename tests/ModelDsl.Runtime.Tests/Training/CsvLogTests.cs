using System.Globalization;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Runs;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Training;

public sealed class CsvLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_epoch_is_a_line_with_its_results()
    {
        var path = At("runs/a/log.csv");
        using var model = new TinyClassifier();
        var history = new Trainer(new Sgd(0.5)) { Epochs = 3, BatchSize = 8, View = TrainingView.None, Callbacks = [new CsvLog(path)] }
            .Fit(model, TrainingData.Sides(64), TrainingData.Sides(32, seed: 2));

        var lines = File.ReadAllLines(path);
        Assert.Equal("kind,epoch,step,loss,accuracy,validation loss,validation accuracy,learning rate,seconds,samples/s", lines[0]);
        Assert.Equal(4, lines.Length);
        foreach (var (epoch, line) in history.Epochs.Zip(lines.Skip(1)))
        {
            double[] expected = [epoch.Epoch, 8 * epoch.Epoch, epoch.Loss, epoch["accuracy"], epoch.Validation!.Loss, epoch.Validation["accuracy"], 0.5, epoch.Seconds, epoch.SamplesPerSecond];
            Assert.Equal(expected, Numbers(line));
            Assert.StartsWith("epoch,", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            var path = At("log.csv");
            using var model = new LinearModel();
            new Trainer(new Sgd(0.125)) { Epochs = 1, View = TrainingView.None, Metrics = [], Callbacks = [new CsvLog(path)] }.Fit(model, TrainingData.Linear(64));

            Assert.Equal("0.125", File.ReadAllLines(path)[1].Split(',')[4]);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Steps_are_lines_if_asked_for()
    {
        var path = At("log.csv");
        using var model = new LinearModel();
        new Trainer(new Sgd(0.1)) { Epochs = 2, BatchSize = 8, View = TrainingView.None, Callbacks = [new CsvLog(path) { EverySteps = 3 }] }
            .Fit(model, TrainingData.Linear(64), TrainingData.Linear(8));

        var lines = File.ReadAllLines(path);
        string[] expected = ["step,1,3", "step,1,6", "epoch,1,8", "step,2,9", "step,2,12", "step,2,15", "epoch,2,16"];
        Assert.Equal(expected, lines.Skip(1).Select(line => string.Join(',', line.Split(',')[..3])));
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
    }

    [Fact]
    public void A_name_with_a_comma_is_quoted()
    {
        var path = At("log.csv");
        using var model = new LinearModel();
        new Trainer(new Sgd(0.1)) { Epochs = 1, View = TrainingView.None, Metrics = [new Named("a, \"b\"")], Callbacks = [new CsvLog(path)] }.Fit(model, TrainingData.Linear(8));

        Assert.StartsWith("kind,epoch,step,loss,\"a, \"\"b\"\"\",learning rate", File.ReadAllLines(path)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_can_be_read_while_training_runs()
    {
        var path = At("log.csv");
        var seen = new List<int>();
        using var model = new LinearModel();
        var reader = new Recorder((_, _) =>
        {
            using var text = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            seen.Add(text.ReadToEnd().Count(character => character == '\n'));
        });
        new Trainer(new Sgd(0.1)) { Epochs = 2, View = TrainingView.None, Callbacks = [new CsvLog(path), reader] }.Fit(model, TrainingData.Linear(64));

        Assert.Equal([2, 3], seen);
    }

    [Fact]
    public void The_log_of_a_continued_run_is_that_of_a_run_that_was_never_stopped()
    {
        var whole = At("whole.csv");
        new ResumedRun { Callbacks = () => [new CsvLog(whole) { EverySteps = 2 }] }.Fit();
        foreach (var step in new[] { 3, 5, 8, 10, 17 })
        {
            // The run is killed some steps after its last checkpoint, in the middle of a line.
            var (log, run) = (At($"{step}.csv"), At($"run{step}"));
            ResumedRun Run() => new() { Callbacks = () => [new CsvLog(log) { EverySteps = 2 }], Checkpoint = new CheckpointOptions(run) { EverySteps = step, EveryMinutes = double.PositiveInfinity } };
            Assert.Throws<TimeoutException>(() => Run().Fit(new Failure(step + 4)));
            File.AppendAllText(log, "step,3,1");
            Run().Fit();

            Assert.Equal(WithoutTimes(whole), WithoutTimes(log));
        }
    }

    [Fact]
    public void A_new_run_keeps_the_log_of_the_run_before()
    {
        var path = At("log.csv");
        var first = Write(path);
        var second = Write(path);
        Write(path);

        Assert.Equal(first, File.ReadAllText(At("log.1.csv")));
        Assert.Equal(second, File.ReadAllText(At("log.2.csv")));
        Assert.Equal(2, File.ReadAllLines(path).Length);
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_an_error_before_training()
    {
        using var model = new LinearModel();
        Directory.CreateDirectory(At("log.csv"));

        Assert.ThrowsAny<IOException>(() => new Trainer(new Sgd(0.1)) { View = TrainingView.None, Callbacks = [new CsvLog(At("log.csv"))] }.Fit(model, TrainingData.Linear(64)));
    }

    [Fact]
    public void Steps_without_a_line_allocate_nothing()
    {
        using var model = new LinearModel();
        var trainer = new Trainer(new Adam(1e-3)) { Epochs = 1, BatchSize = 4, View = TrainingView.None, Callbacks = [new CsvLog(At("log.csv")) { EverySteps = 100_000 }] };
        var (few, many) = (TrainingData.Linear(400), TrainingData.Linear(8000));
        trainer.Fit(model, many);

        var difference = Allocation.Least(() => trainer.Fit(model, many)) - Allocation.Least(() => trainer.Fit(model, few));

        Assert.InRange(difference, -5000, (7600 * sizeof(int)) + 5000);
    }

    [Fact]
    public void Arguments_out_of_range_are_rejected()
    {
        Assert.Throws<ArgumentException>(() => new CsvLog(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsvLog("log.csv") { EverySteps = 0 });
    }

    private static double[] Numbers(string line) => [.. line.Split(',')[1..].Select(field => double.Parse(field, CultureInfo.InvariantCulture))];

    private static string[] WithoutTimes(string path) => [.. File.ReadAllLines(path).Select(line => string.Join(',', line.Split(',')[..^2]))];

    private static string Write(string path)
    {
        using var model = new LinearModel();
        new Trainer(new Sgd(0.1)) { Epochs = 1, View = TrainingView.None, Callbacks = [new CsvLog(path)] }.Fit(model, TrainingData.Linear(64));
        return File.ReadAllText(path);
    }

    private string At(string name) => Path.Combine(folder.Path, name);

    private sealed class Named(string name) : Metric
    {
        public override string Name => name;

        public override double Result => 1;

        public override void Reset()
        {
        }

        public override void Update(in MetricBatch batch)
        {
        }
    }

    private sealed class Failure(long step) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep ended)
        {
            if (ended.Number == step)
                throw new TimeoutException();
        }
    }
}
