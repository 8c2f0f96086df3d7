using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>Checkpoints of runs on a device: a run that is stopped and continued has the bits of one that is not.</summary>
[Collection(SharedDevice.Name)]
public sealed class CheckpointTests(SharedDevice shared) : IDisposable
{
    private const int Samples = 20;

    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-gpu-run-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [StandardTheory]
    [InlineData("AdamW")]
    [InlineData("Adafactor")]
    public void A_run_that_is_stopped_within_an_epoch_and_continued_has_the_same_bits(string optimizer)
    {
        // Dropout depends on the number of steps, and momentum on the states of the optimizer.
        using var whole = new Dropped(seed: 4, shared.Device);
        Assert.False(Fit(whole, optimizer, checkpoint: null, stop: null).Cancelled);

        var checkpoint = new CheckpointOptions(folder);
        using (var first = new Dropped(seed: 4, shared.Device))
            Assert.True(Fit(first, optimizer, checkpoint, stop: 2).Cancelled);

        // Initial values of another seed show what is not restored.
        using var second = new Dropped(seed: 4, shared.Device);
        foreach (var parameter in second.Parameters)
            parameter.CopyFrom(new float[parameter.Count]);
        var history = Fit(second, optimizer, checkpoint, stop: null);
        Assert.NotNull(history.Resumed);
        Equal(whole, second);
    }

    [StandardFact]
    public void States_of_layers_are_restored_and_a_run_continues_on_another_device()
    {
        var checkpoint = new CheckpointOptions(folder);
        using var whole = new BatchNormalised(seed: 4, shared.Device);
        Fit(whole, "AdamW", checkpoint: null, stop: null);
        using (var first = new BatchNormalised(seed: 4, shared.Device))
            Fit(first, "AdamW", checkpoint, stop: 2);
        CopyTo(Path.Combine(folder, "copy"));

        using var second = new BatchNormalised(seed: 4, shared.Device);
        Fit(second, "AdamW", checkpoint, stop: null);
        Equal(whole, second);

        using var cpu = new BatchNormalised(seed: 4);
        Assert.NotNull(Fit(cpu, "AdamW", new CheckpointOptions(Path.Combine(folder, "copy")), stop: null).Resumed);
        for (var i = 0; i < cpu.Parameters.Count; i++)
            Near.Equal(whole.Parameters[i].ToArray(), cpu.Parameters[i].ToArray(), cpu.Parameters[i].Name, 1e-3);
    }

    private static TrainingHistory Fit(Model model, string optimizer, CheckpointOptions? checkpoint, int? stop)
    {
        var random = new Random(3);
        var inputs = model.Description.Inputs[0].Length;
        float[] x = [.. Enumerable.Range(0, Samples * inputs).Select(_ => (float)random.NextDouble())];
        var targets = model.Description.Targets[0].Length;
        float[] y = [.. Enumerable.Range(0, Samples * targets).Select(i => x[i] > 0.5f ? 1f : 0f)];
        using var source = new CancellationTokenSource();
        return new Trainer(Create(optimizer))
        {
            Epochs = 2,
            BatchSize = 8,
            Checkpoint = checkpoint,
            View = TrainingView.None,
            Callbacks = [new Stop(source, stop)],
        }.Fit(model, Dataset.FromArrays(x, y, targetLength: targets), cancellation: source.Token);
    }

    private static Optimizer Create(string name) => name switch
    {
        "Adafactor" => new Adafactor(0.01),
        _ => new AdamW(0.01),
    };

    private static void Equal(Model expected, Model actual)
    {
        foreach (var (one, other) in expected.Parameters.Zip(actual.Parameters))
            Assert.Equal(one.ToArray(), other.ToArray());
        foreach (var (one, other) in expected.States.Zip(actual.States))
            Assert.Equal(one.ToArray(), other.ToArray());
    }

    private void CopyTo(string copy)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }

    private sealed class Stop(CancellationTokenSource source, int? after) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (step.Number == after)
                source.Cancel();
        }
    }
}
