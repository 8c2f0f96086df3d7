using System.Security.Cryptography;
using System.Text;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>Folders of runs that are damaged, closed, or of another run.</summary>
public sealed class DamageTests : IDisposable
{
    private static readonly Lazy<string> Expected = new(() => new ResumedRun().Fit().Result);

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Files => ["manifest.json", "model.safetensors", "training.safetensors"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void A_checkpoint_with_a_damaged_byte_is_named_and_the_one_before_is_used(string name)
    {
        Prepare();
        var random = new Random(TestScale.Seed);
        var bytes = File.ReadAllBytes(At($"run/step-00000008/{name}"));
        for (var count = TestScale.Of("damaged bytes of each file of a checkpoint", 6); count > 0; count--)
        {
            var path = Copy();
            var at = random.Next(bytes.Length);
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(Path.Combine(path, "step-00000008", name), damaged);
            FallsBack(path, name, $"byte {at}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_checkpoint_with_a_file_that_is_cut_off_or_missing_is_named_and_the_one_before_is_used(string name)
    {
        Prepare();
        var bytes = File.ReadAllBytes(At($"run/step-00000008/{name}"));
        foreach (var length in (int[])[0, 1, bytes.Length / 2, bytes.Length - 1])
        {
            var path = Copy();
            File.WriteAllBytes(Path.Combine(path, "step-00000008", name), bytes[..length]);
            FallsBack(path, name, $"{length} bytes");
        }

        var missing = Copy();
        File.Delete(Path.Combine(missing, "step-00000008", name));
        FallsBack(missing, name, "missing");
    }

    [Fact]
    public void A_folder_of_something_else_is_named_and_the_checkpoint_before_is_used()
    {
        Prepare();
        folder.Write("run/step-00000099/manifest.json", "{\"name\": \"a web app\"}");
        var run = new ResumedRun { Checkpoint = new(At("run")) }.Fit();
        Assert.Equal(8, run.History.Resumed!.Steps);
        Assert.Contains("step-00000099", Assert.Single(run.History.Warnings).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(At("run/step-00000099.damaged/manifest.json")));
    }

    [Fact]
    public void A_run_without_a_readable_checkpoint_is_an_error_and_nothing_is_deleted()
    {
        Prepare();
        foreach (var path in Directory.GetFiles(At("run"), "manifest.json", SearchOption.AllDirectories))
            File.WriteAllText(path, "{}");
        var before = Directory.GetFiles(At("run"), "*", SearchOption.AllDirectories);
        var message = Assert.Throws<InvalidDataException>(() => new ResumedRun { Checkpoint = new(At("run")) }.Fit()).Message;
        Assert.Contains("No checkpoint in", message, StringComparison.Ordinal);
        Assert.Contains("step-00000004", message, StringComparison.Ordinal);
        Assert.Contains("move it away to start a new run", message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(At("run"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_checkpoint_of_a_newer_version_is_an_error()
    {
        Prepare();
        var path = At("run/step-00000008/manifest.json");
        var text = File.ReadAllText(path).Replace("\"version\": 1,", "\"version\": 2, \"epochs\": \"renamed\",", StringComparison.Ordinal);
        var old = text.Split('"')[3];
        var zeroed = text.Replace(old, new string('0', old.Length), StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(zeroed))), StringComparison.Ordinal));
        Assert.Contains("Update ModelDsl", Assert.ThrowsAny<InvalidOperationException>(() => new ResumedRun { Checkpoint = new(At("run")) }.Fit()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("step.tmp", false)]
    [InlineData("step-00000001.tmp", false)]
    [InlineData("step-00000008.old.tmp", true)]
    public void What_a_killed_process_has_begun_is_finished_or_undone(string name, bool isOld)
    {
        Prepare();
        if (isOld)
            Directory.Move(At("run/step-00000008"), At($"run/{name}"));
        else
            folder.Write($"run/{name}/model.safetensors", "half a file");
        var run = new ResumedRun { Checkpoint = new(At("run")) }.Fit();
        Assert.Equal(8, run.History.Resumed!.Steps);
        Assert.Empty(Directory.GetDirectories(At("run"), "*.tmp"));
    }

    [Fact]
    public void A_run_with_other_settings_is_an_error_that_names_both_values()
    {
        Prepare();
        Differs(new() { BatchSize = 8 }, "the batch size is 16 in the checkpoint, but 8 now");
        Differs(new() { Optimizer = () => new Sgd(1e-2) }, "the optimizer is Adam in the checkpoint, but Sgd now");
        Differs(new() { Optimizer = () => new Adam(1e-2, beta1: 0.8) }, "Beta1 of Adam is 0.9 in the checkpoint, but 0.8 now");
        Differs(new() { Optimizer = () => new Adam(2e-2) }, "the learning rate is 0.01 in the checkpoint, but 0.02 now");
        Differs(new() { Model = () => new ResumedNet(5) }, "the seed of the model is 4 in the checkpoint, but 5 now");
        Differs(new() { Model = () => new WiderNet(4) }, "'conv2D1.weight' is [4, 1, 3, 3] in the checkpoint, but [5, 1, 3, 3] now");
        Differs(new() { Train = () => ResumedRun.Pictures(64, 1) }, "the training data is 70 samples of ", "but 64 samples of ");
        Differs(new() { HasValidation = false }, "the validation data is 20 samples of ", "but none now");
        Differs(new() { Schedule = LearningRateSchedule.WarmUp(5, LearningRateSchedule.Cosine(0.5)) }, "the schedule is none in the checkpoint, but WarmUp(5, Cosine(0.5)) now");
        Differs(new() { Metrics = () => [new Perplexity()] }, "the list of metrics is accuracy in the checkpoint, but perplexity now");
        Differs(new() { Callbacks = () => [new EarlyStopping()] }, "but EarlyStopping now");

        // A longer run, and callbacks without a state, are no difference.
        Assert.Equal(8, new ResumedRun { Epochs = 7, Checkpoint = new(At("run")) }.Fit().History.Resumed!.Steps);
    }

    [Fact]
    public void A_folder_that_may_not_be_written_to_is_an_error_before_training()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var closed = Directory.CreateDirectory(At("closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        // The superuser may write anywhere but into the kernel's own folders.
        var denied = Environment.IsPrivilegedProcess ? "/sys/kernel" : closed;
        var run = new ResumedRun { Checkpoint = new(Path.Combine(denied, "run")) };
        Assert.Contains($"Checkpoints cannot be saved in '{denied}/run'", Assert.Throws<IOException>(() => run.Fit()).Message, StringComparison.Ordinal);
        Assert.Empty(run.Losses);
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_an_error()
    {
        var path = folder.Write("run", "text");
        Assert.Contains("is a file; give a folder", Assert.Throws<IOException>(() => new ResumedRun { Checkpoint = new(path) }.Fit()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_of_one_process_cannot_share_a_folder()
    {
        var inner = new ResumedRun { Checkpoint = new(At("run")) };
        IOException? thrown = null;
        new ResumedRun { Epochs = 1, Checkpoint = new(At("run")) }.Fit(new Nested(() => thrown ??= Assert.Throws<IOException>(() => inner.Fit())));
        Assert.Contains("two runs cannot share a folder", thrown!.Message, StringComparison.Ordinal);
    }

    private void Differs(ResumedRun run, params string[] parts)
    {
        run.Checkpoint = new(At("run"));
        var message = Assert.Throws<CheckpointMismatchException>(() => run.Fit()).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Contains("What to do: ", message, StringComparison.Ordinal);
        Assert.Empty(run.Losses);
    }

    /// <summary>A run with checkpoints after 4 and 8 steps.</summary>
    private void Prepare()
    {
        using var source = new CancellationTokenSource();
        new ResumedRun { Checkpoint = new(At("run")) { EverySteps = 4 } }.Fit(new Canceller(source) { Step = 8 }, source.Token);
    }

    private string Copy()
    {
        var path = At("copy");
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        foreach (var file in Directory.GetFiles(At("run"), "*", SearchOption.AllDirectories))
            folder.Write(Path.Combine("copy", Path.GetRelativePath(At("run"), file)), File.ReadAllBytes(file));
        return path;
    }

    private static void FallsBack(string path, string name, string damage)
    {
        var run = new ResumedRun { Checkpoint = new(path) }.Fit();
        Assert.True(run.History.Resumed?.Steps == 4, $"{name}, {damage}");
        var message = Assert.Single(run.History.Warnings).Message;
        Assert.Contains("step-00000008' cannot be used: ", message, StringComparison.Ordinal);
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains($"Training continues from '{Path.Combine(path, "step-00000004")}'", message, StringComparison.Ordinal);
        Assert.Equal(Expected.Value.Split("\nstep ")[0], run.Result.Split("\nstep ")[0]);
        Assert.True(Directory.Exists(Path.Combine(path, "step-00000008.damaged")));
    }

    private string At(string name) => Path.Combine(folder.Path, name);

    private sealed class Nested(Action action) : TrainingCallback
    {
        public override void EpochEnded(TrainingRun run, EpochResult epoch) => action();
    }
}
