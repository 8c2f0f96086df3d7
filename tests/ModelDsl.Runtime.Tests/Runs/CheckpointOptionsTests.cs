using ModelDsl.Runtime.Tests.Data;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>When checkpoints are saved, how many are kept, and values that make no sense.</summary>
public sealed class CheckpointOptionsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Checkpoints_are_saved_after_a_number_of_steps_and_at_the_end_and_the_last_are_kept()
    {
        new ResumedRun { Checkpoint = new(At("run")) { EverySteps = 7, KeepLast = 3 } }.Fit();
        Assert.Equal(["step-00000021", "step-00000028", "step-00000030"], Names());
    }

    [Fact]
    public void Checkpoints_are_saved_after_a_time()
    {
        new ResumedRun { Checkpoint = new(At("run")) { EveryMinutes = 1e-9, KeepLast = 100 } }.Fit();
        Assert.Equal(30, Names().Length);
    }

    [Fact]
    public void Without_intervals_there_is_one_checkpoint_at_the_end()
    {
        new ResumedRun { Checkpoint = new(At("run")) { EveryMinutes = double.PositiveInfinity } }.Fit();
        Assert.Equal(["step-00000030"], Names());
    }

    [Fact]
    public void The_files_of_a_checkpoint_can_be_read_without_a_run()
    {
        var run = new ResumedRun { Checkpoint = new(At("run")) }.Fit();
        using var model = ResumedNet.FromFile(Path.Combine(run.History.Checkpoint!, "model.safetensors"));
        Assert.Contains(Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(model.Parameters[0].ToArray())), run.Result, StringComparison.Ordinal);
        Assert.Equal(["manifest.json", "model.safetensors", "training.safetensors"], Directory.GetFiles(run.History.Checkpoint!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_value_that_makes_no_sense_is_rejected()
    {
        Assert.Throws<ArgumentException>(() => new CheckpointOptions(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointOptions("run") { EverySteps = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointOptions("run") { EveryMinutes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointOptions("run") { EveryMinutes = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointOptions("run") { KeepLast = 0 });
        Assert.Throws<ArgumentException>(() => new CheckpointOptions("run") { KeepBest = " " });
        Assert.Throws<ArgumentException>(() => new CheckpointOptions("run") { ResumeFrom = "" });
    }

    [Fact]
    public void A_checkpoint_to_begin_with_must_exist_and_be_of_another_folder()
    {
        Assert.Contains("There is no checkpoint in", Assert.Throws<DirectoryNotFoundException>(
            () => new ResumedRun { Checkpoint = new(At("run")) { ResumeFrom = At("other") } }.Fit()).Message, StringComparison.Ordinal);
        Assert.Contains("Give the new run another folder", Assert.Throws<ArgumentException>(
            () => new ResumedRun { Checkpoint = new(At("run")) { ResumeFrom = At("run/step-00000007") } }.Fit()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_written_twice_or_does_not_exist_is_named()
    {
        using var model = new ResumedNet(1);
        var batches = ResumedRun.Pictures(20, 1).Batches(5);
        using (var run = new CheckpointedRun(new(At("run")), model, batches, [], new Careless(writesTwice: true)))
            Assert.Contains("'state0.value' is written to the checkpoint twice", Assert.Throws<ArgumentException>(run.Save).Message, StringComparison.Ordinal);
        using (var run = new CheckpointedRun(new(At("run")), model, batches, [], new Careless(writesTwice: false)))
            run.Save();
        Assert.Contains("has no value 'state0.other'", Assert.Throws<InvalidDataException>(
            () => new CheckpointedRun(new(At("run")), model, batches, [], new Careless(writesTwice: false))).Message, StringComparison.Ordinal);
    }

    private string[] Names() => [.. Directory.GetDirectories(At("run")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private string At(string name) => Path.Combine(folder.Path, name);

    private sealed class Careless(bool writesTwice) : ICheckpointState
    {
        public void SaveState(CheckpointWriter writer)
        {
            writer.Write("value", 1);
            if (writesTwice)
                writer.Write("value", 2);
        }

        public void RestoreState(CheckpointReader reader) => reader.GetInt64("other");
    }
}
