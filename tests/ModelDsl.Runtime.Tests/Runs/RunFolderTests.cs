using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>A folder with everything that belongs to a run.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_folder_has_checkpoints_and_logs_and_continues_the_run()
    {
        Fit(new Trainer(new Adam(0.1)) { Epochs = 1, RunFolder = folder.Path, View = TrainingView.None });
        var history = Fit(new Trainer(new Adam(0.1)) { Epochs = 3, RunFolder = folder.Path, View = TrainingView.None });

        Assert.Equal(1, history.Resumed!.Steps / (history.Steps / 3));
        Assert.Equal(3, history.Epochs.Count);
        Assert.Equal(4, File.ReadLines(Path.Combine(folder.Path, "log.csv")).Count());
        Assert.Equal(2, Directory.GetFiles(folder.Path, "events.out.tfevents.*").Length);
        Assert.NotEmpty(Directory.GetDirectories(folder.Path, "step-*"));
    }

    [Fact]
    public void Options_of_checkpoints_can_be_set_beside_a_run_folder()
    {
        Fit(new Trainer(new Adam(0.1)) { Epochs = 2, RunFolder = folder.Path, Checkpoint = new(folder.Path) { KeepBest = "loss" }, View = TrainingView.None });
        Assert.True(File.Exists(Path.Combine(folder.Path, "best.safetensors")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "log.csv")));
    }

    [Fact]
    public void A_run_folder_is_checked_when_it_is_set()
    {
        Assert.Throws<ArgumentException>(static () => new Trainer(new Adam()) { RunFolder = " " });
        Assert.Contains("RunFolder is 'a', but Checkpoint saves the run in 'b'", Assert.Throws<ArgumentException>(static () => new Trainer(new Adam()) { RunFolder = "a", Checkpoint = new("b") }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(static () => new Trainer(new Adam()) { Checkpoint = new("b"), RunFolder = "a" });
        Assert.NotNull(new Trainer(new Adam()) { Checkpoint = new("./a"), RunFolder = "a" });
    }

    [Fact]
    public void An_epoch_is_in_the_log_even_if_a_callback_fails_at_its_end()
    {
        Assert.Throws<InvalidDataException>(() => Fit(new Trainer(new Adam(0.1)) { RunFolder = folder.Path, Callbacks = [new Recorder(static (_, _) => throw new InvalidDataException())], View = TrainingView.None }));
        Assert.Equal(2, File.ReadLines(Path.Combine(folder.Path, "log.csv")).Count());
    }

    [Fact]
    public void A_log_in_the_list_of_callbacks_replaces_that_of_the_folder()
    {
        var own = Path.Combine(folder.Path, "own.csv");
        Fit(new Trainer(new Adam(0.1)) { Epochs = 1, RunFolder = folder.Path, Callbacks = [new CsvLog(own)], View = TrainingView.None });
        Assert.True(File.Exists(own));
        Assert.False(File.Exists(Path.Combine(folder.Path, "log.csv")));
        Assert.Single(Directory.GetFiles(folder.Path, "events.out.tfevents.*"));
    }

    private static TrainingHistory Fit(Trainer trainer)
    {
        using var model = new TinyClassifier();
        return trainer.Fit(model, TrainingData.Sides(64));
    }
}
