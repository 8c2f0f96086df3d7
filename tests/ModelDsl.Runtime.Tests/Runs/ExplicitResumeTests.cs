using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary><see cref="Trainer.Resume"/>.</summary>
public sealed class ExplicitResumeTests : IDisposable
{
    private static readonly Lazy<string> Expected = new(static () => WithoutSteps(new ResumedRun().Fit()));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("first", 14)]
    [InlineData("first/", 14)]
    [InlineData("first/step-00000012", 12)]
    [InlineData("first/step-00000012/", 12)]
    public void A_run_that_is_not_saved_continues_from_a_folder_or_a_checkpoint_to_the_same_bits(string path, int steps)
    {
        var before = Prepare();
        var run = new ResumedRun { ResumeFrom = At(path) }.Fit();
        Assert.Equal(steps, run.History.Resumed!.Steps);
        Assert.Equal(Expected.Value, WithoutSteps(run));
        Assert.Null(run.History.Checkpoint);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void A_run_with_a_folder_of_its_own_is_saved_there_and_continues_there()
    {
        var before = Prepare();
        var run = new ResumedRun { ResumeFrom = At("first"), Checkpoint = new(At("second")) };
        using (var source = new CancellationTokenSource())
            run.Fit(new Canceller(source) { Step = 20 }, source.Token);
        Assert.Equal(At("first/step-00000014"), run.History.Resumed!.Checkpoint);
        Assert.Equal(Expected.Value, WithoutSteps(run.Fit()));
        Assert.Equal(At("second/step-00000020"), run.History.Resumed!.Checkpoint);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("first")]
    [InlineData("first/step-00000014")]
    public void The_folder_of_the_run_itself_can_be_named_and_its_last_checkpoint(string path)
    {
        Prepare();
        var run = new ResumedRun { ResumeFrom = At(path), Checkpoint = new(At("first")) }.Fit();
        Assert.Equal(14, run.History.Resumed!.Steps);
        Assert.Equal(Expected.Value, WithoutSteps(run));
        Assert.Equal(At("first/step-00000030"), run.History.Checkpoint);
    }

    [Fact]
    public void An_earlier_checkpoint_of_the_folder_of_the_run_is_an_error_that_names_the_last_one()
    {
        Prepare();
        var message = Assert.Throws<ArgumentException>(() => new ResumedRun { ResumeFrom = At("first/step-00000012"), Checkpoint = new(At("first")) }.Fit()).Message;
        Assert.StartsWith($"'{At("first/step-00000012")}' is not the last checkpoint in the folder of the run, which is '{At("first/step-00000014")}'.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", ", which does not exist: give Resume a checkpoint, such as 'runs/first/step-00000500', or the folder of a run")]
    [InlineData("first/step-00000099", ", which does not exist: give Resume a checkpoint")]
    [InlineData("first/step-00000014/model.safetensors", ", which is a file: give Resume a checkpoint")]
    [InlineData("empty", "empty': give Resume a checkpoint")]
    public void A_path_without_a_checkpoint_is_an_error_before_training(string path, string message)
    {
        Prepare();
        Directory.CreateDirectory(At("empty"));
        foreach (var checkpoint in (CheckpointOptions?[])[null, new(At("second"))])
        {
            var run = new ResumedRun { ResumeFrom = At(path), Checkpoint = checkpoint };
            Assert.Contains($"There is no checkpoint in '{At(path)}'", Message<DirectoryNotFoundException>(run), StringComparison.Ordinal);
            Assert.Contains(message, Message<DirectoryNotFoundException>(run), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_folder_of_the_run_itself_without_a_checkpoint_is_an_error() => Assert.Contains(
        $"There is no checkpoint in '{At("new")}': give Resume", Message<DirectoryNotFoundException>(new() { ResumeFrom = At("new"), Checkpoint = new(At("new")) }), StringComparison.Ordinal);

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("model.safetensors")]
    [InlineData("training.safetensors")]
    public void A_damaged_checkpoint_is_an_error_and_its_folder_gives_the_one_before(string file)
    {
        Prepare();
        var path = At($"first/step-00000014/{file}");
        var bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(path, bytes);
        var message = Message<InvalidDataException>(new() { ResumeFrom = At("first/step-00000014") });
        Assert.Contains($"The checkpoint '{At("first/step-00000014")}' cannot be used: {file} ", message, StringComparison.Ordinal);
        Assert.Contains("Give Resume another one, or the folder of its run", message, StringComparison.Ordinal);

        var run = new ResumedRun { ResumeFrom = At("first") }.Fit();
        Assert.Equal(12, run.History.Resumed!.Steps);
        Assert.Contains("step-00000014' cannot be used", Assert.Single(run.History.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(Expected.Value, WithoutSteps(run));

        File.Delete(path);
        Assert.Contains(file, Message<InvalidDataException>(new() { ResumeFrom = At("first/step-00000014") }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_an_error_that_names_both_values()
    {
        Prepare();
        var message = Message<CheckpointMismatchException>(new() { ResumeFrom = At("first"), Model = static () => new WiderNet(4) });
        Assert.Contains("'conv2D1.weight' is [4, 1, 3, 3] in the checkpoint, but [5, 1, 3, 3] now", message, StringComparison.Ordinal);
        Assert.Contains("or give Resume another checkpoint", message, StringComparison.Ordinal);
        folder.Write("web/manifest.json", "{\"name\": \"a web app\"}");
        Assert.Contains("manifest.json is not the manifest of a checkpoint", Message<InvalidDataException>(new() { ResumeFrom = At("web") }), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_next_run_continues_from_it()
    {
        using var model = new TinyClassifier();
        var data = TrainingData.Sides(64);
        new Trainer(new Adam(0.1)) { Epochs = 1, Checkpoint = new(At("tiny")), View = TrainingView.None }.Fit(model, data);
        var trainer = new Trainer(new Adam(0.1)) { Epochs = 2, View = TrainingView.None };
        Assert.Same(trainer, trainer.Resume(At("tiny")));
        using (var other = new WiderNet(1))
            Assert.Throws<CheckpointMismatchException>(() => trainer.Fit(other, ResumedRun.Pictures(20, 1)));

        // The call above has failed, so the checkpoint is still to be used.
        Assert.NotNull(trainer.Fit(model, data).Resumed);
        Assert.Null(trainer.Fit(model, data).Resumed);
        Assert.Throws<ArgumentException>(() => trainer.Resume(" "));
    }

    private static string Message<TException>(ResumedRun run)
        where TException : Exception
    {
        var message = Assert.Throws<TException>(() => run.Fit()).Message;
        Assert.Empty(run.Losses);
        return message;
    }

    /// <summary>Without the losses of steps: a part of a run has only its own.</summary>
    private static string WithoutSteps(ResumedRun run) => run.Result.Split("\nstep ")[0];

    /// <summary>A run with checkpoints after 4, 8, 12 and 14 steps, of which the last three are kept.</summary>
    private string Prepare()
    {
        using var source = new CancellationTokenSource();
        new ResumedRun { Checkpoint = new(At("first")) { EverySteps = 4 } }.Fit(new Canceller(source) { Step = 14 }, source.Token);
        return Snapshot();
    }

    private string Snapshot() => string.Join('\n', Directory.GetFiles(At("first"), "*", SearchOption.AllDirectories).Order().Select(static path => $"{path} {File.GetLastWriteTimeUtc(path):O}"));

    private string At(string name) => Path.Combine(folder.Path, name);
}
