using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>A log that cannot be written, such as on a full disk, is one warning, and training goes on.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_csv_log_that_can_no_longer_be_written_is_one_warning()
    {
        var path = Path.Combine(folder.Path, "log.csv");
        AssertOneWarning(new CsvLog(path) { EverySteps = 1 }, path, $"The log '{path}' cannot be written: No space left on device");
        Assert.Equal(3, File.ReadAllLines(path).Length);
    }

    [Fact]
    public void An_event_file_that_can_no_longer_be_written_is_one_warning() =>
        AssertOneWarning(new TensorBoardLog(folder.Path) { EverySteps = 1 }, folder.Path, $"The event file in '{folder.Path}' cannot be written: No space left on device");

    private static void AssertOneWarning(TrainingCallback log, string path, string expected)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var model = new LinearModel();
        var trainer = new Trainer(new Sgd(0.1)) { Epochs = 3, BatchSize = 16, View = TrainingView.None, Callbacks = [log, new FullAfter(path, step: 2)] };
        var history = trainer.Fit(model, TrainingData.Linear(64));

        Assert.Equal((3, 12L), (history.Epochs.Count, history.Steps));
        var warning = Assert.Single(history.Warnings);
        Assert.StartsWith(expected, warning.Message, StringComparison.Ordinal);
        Assert.EndsWith("Training continues without it.", warning.Message, StringComparison.Ordinal);
    }

    private sealed class FullAfter(string path, long step) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep ended)
        {
            if (ended.Number == step)
                FullDisk.At(path);
        }
    }
}
