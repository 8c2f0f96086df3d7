using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>The model of the best epoch.</summary>
public sealed class BestModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("validation loss")]
    [InlineData("validation accuracy")]
    [InlineData("loss")]
    [InlineData("accuracy")]
    public void The_weights_that_were_measured_are_kept(string monitor)
    {
        var measured = new List<float[]>();
        var recorder = new Recorder((run, _) => measured.Add(Recorder.WeightsOf(run.Model)));

        // Before the average in the list, the recorder sees what was validated.
        var run = Run(monitor, () => [recorder, AverageWeights.Exponential(0.8)]).Fit();
        var values = run.History.Epochs.Select(epoch => Value(epoch, monitor)).ToList();
        var best = values.IndexOf(monitor.EndsWith("loss", StringComparison.Ordinal) ? values.Min() : values.Max());
        using var kept = ResumedNet.FromFile(At("run/best.safetensors"));
        Assert.Equal(measured[best], Recorder.WeightsOf(kept));
    }

    [Fact]
    public void A_resumed_run_keeps_the_same_best_model()
    {
        Run("validation loss").Fit();
        var expected = File.ReadAllBytes(At("run/best.safetensors"));
        Directory.Delete(At("run"), recursive: true);
        for (var step = 3; step < 30; step += 4)
        {
            using var source = new CancellationTokenSource();
            Run("validation loss").Fit(new Canceller(source) { Step = step }, source.Token);
        }

        Assert.Empty(Run("validation loss").Fit().History.Warnings);
        Assert.Equal(expected, File.ReadAllBytes(At("run/best.safetensors")));
    }

    [Fact]
    public void A_best_model_that_is_lost_is_named_and_saved_again()
    {
        using (var source = new CancellationTokenSource())
            Run("loss").Fit(new Canceller(source) { Step = 12 }, source.Token);
        File.WriteAllText(At("run/best.safetensors"), "damaged");
        Assert.Contains("best.safetensors', the model of epoch", Assert.Single(Run("loss").Fit().History.Warnings).Message, StringComparison.Ordinal);
        using var kept = ResumedNet.FromFile(At("run/best.safetensors"));
    }

    [Theory]
    [InlineData("validation f1", "there is 'loss', 'accuracy', 'validation loss', 'validation accuracy'")]
    [InlineData("acuracy", "there is 'loss', 'accuracy', 'validation loss', 'validation accuracy'")]
    public void A_metric_that_does_not_exist_is_an_error_before_training(string monitor, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Run(monitor).Fit()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_validation_metric_needs_validation_data() => Assert.Contains(
        "there is no validation data",
        Assert.Throws<ArgumentException>(() => new ResumedRun { HasValidation = false, Checkpoint = new(At("run")) { KeepBest = "validation loss" } }.Fit()).Message,
        StringComparison.Ordinal);

    private static double Value(EpochResult epoch, string monitor) => monitor switch
    {
        "validation loss" => epoch.ValidationLoss!.Value,
        "validation accuracy" => epoch.Validation!["accuracy"],
        "loss" => epoch.Loss,
        _ => epoch["accuracy"],
    };

    private ResumedRun Run(string monitor, Func<IEnumerable<TrainingCallback>>? callbacks = null) =>
        new() { Callbacks = callbacks ?? (() => []), Checkpoint = new(At("run")) { KeepBest = monitor } };

    private string At(string name) => Path.Combine(folder.Path, name);
}
