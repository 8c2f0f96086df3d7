using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>Whole training runs: what users write stays as it is, and so does what comes of it.</summary>
[Collection(SharedDevice.Name)]
public sealed class TrainingTests(SharedDevice shared)
{
    [StandardFact]
    public void Shuffled_batches_dropout_evaluation_and_files_are_those_of_the_cpu()
    {
        var count = 40;
        var random = new Random(3);
        var inputs = Enumerable.Range(0, count * 8).Select(_ => (float)random.NextDouble()).ToArray();
        var data = Dataset.FromArrays(inputs, [.. Enumerable.Range(0, count).Select(i => inputs[8 * i] > 0.5f ? 1f : 0f)]);
        using var cpu = new Dropped(seed: 4);
        using var gpu = new Dropped(seed: 4, shared.Device);
        var losses = new List<float>();
        foreach (var model in (Model[])[cpu, gpu])
        {
            var trainer = new Trainer(new Sgd(0.1)) { Epochs = 2, BatchSize = 16 };
            trainer.Fit(model, data);
            losses.Add((float)trainer.Evaluate(model, data).Loss);
        }

        Near.Equal([losses[0]], [losses[1]], "the loss of all samples", 1e-4);
        for (var i = 0; i < cpu.Parameters.Count; i++)
            Near.Equal(cpu.Parameters[i].ToArray(), gpu.Parameters[i].ToArray(), cpu.Parameters[i].Name, 1e-4);

        var path = Path.Combine(Directory.CreateTempSubdirectory("modeldsl-gpu-").FullName, "model.safetensors");
        try
        {
            gpu.Save(path);
            using var again = Dropped.FromFile(path, shared.Device);
            Assert.Equal(gpu.Predict(inputs), again.Predict(inputs));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
