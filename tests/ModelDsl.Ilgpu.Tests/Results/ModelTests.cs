using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>The same models on ILGPU's CPU accelerator and on the CPU: outputs, gradients and updated parameters agree to rounding.</summary>
public sealed class ModelTests : IDisposable
{
    private static readonly Dictionary<string, Func<Device?, Model>> Models = new()
    {
        [nameof(Classifier)] = device => new Classifier(seed: 5, device),
        [nameof(WideRegression)] = device => new WideRegression(seed: 5, device),
        [nameof(Normalised)] = device => new Normalised(seed: 5, device),
        [nameof(BatchNormalised)] = device => new BatchNormalised(seed: 5, device),
        [nameof(Maps)] = device => new Maps(seed: 5, device),
        [nameof(SmoothMaps)] = device => new SmoothMaps(seed: 5, device),
        [nameof(PooledMaps)] = device => new PooledMaps(seed: 5, device),
        [nameof(Dropped)] = device => new Dropped(seed: 5, device),
        [nameof(Tokens)] = device => new Tokens(seed: 5, device),
        [nameof(Composed)] = device => new Composed(seed: 5, device),
        [nameof(Broad)] = device => new Broad(seed: 5, device),
        [nameof(Rounded)] = device => new Rounded(seed: 5, device),
        [nameof(ManyViews)] = device => new ManyViews(seed: 5, device),
        [nameof(Custom)] = device => new Custom(seed: 5, device),
    };

    private readonly IlgpuDevice device = TestDevice.Create();

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var model in Models.Keys)
            {
                cases.Add(model, 3);
                if (model is not (nameof(WideRegression) or nameof(ManyViews) or nameof(Rounded) or nameof(Broad)))
                    cases.Add(model, 19);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Two_steps_agree_with_the_cpu(string name, int count)
    {
        using var cpu = Models[name](null);
        using var gpu = Models[name](device);
        var onCpu = new Adam(1e-2) { ClipNorm = 1 };
        var onGpu = new Adam(1e-2) { ClipNorm = 1 };
        for (var step = 0; step < 2; step++)
        {
            var batch = Samples.Of(cpu.Description, count, seed: step);
            Step(cpu, onCpu, batch);
            Step(gpu, onGpu, batch);

            // A second step starts from parameters that differ by rounding already, which Adam's division magnifies where a gradient is tiny.
            var tolerance = step == 0 ? 2e-5 : 1e-3;
            Near.Equal([cpu.LastLoss], [gpu.LastLoss], "loss", tolerance);
            Near.Equal(cpu.LastOutputs(), gpu.LastOutputs(), "outputs", tolerance);
            for (var i = 0; i < cpu.Gradients.Count; i++)
                Near.Equal(cpu.Gradients[i].ToArray(), gpu.Gradients[i].ToArray(), $"the gradient of {cpu.Gradients[i].Name}", tolerance);
            for (var i = 0; i < cpu.Parameters.Count; i++)
                Near.Equal(cpu.Parameters[i].ToArray(), gpu.Parameters[i].ToArray(), cpu.Parameters[i].Name, 1e-3);
            for (var i = 0; i < cpu.States.Count; i++)
                Near.Equal(cpu.States[i].ToArray(), gpu.States[i].ToArray(), cpu.States[i].Name, tolerance);
        }
    }

    [Fact]
    public void Predictions_and_evaluation_agree_with_the_cpu()
    {
        using var cpu = new Classifier(seed: 2);
        using var gpu = new Classifier(seed: 2, device);
        var inputs = Samples.Of(cpu.Description, 5, seed: 9).Floats(0).ToArray();
        Near.Equal(cpu.Predict(inputs), gpu.Predict(inputs), "probabilities");
        Near.Equal(cpu.PredictLogits(inputs), gpu.PredictLogits(inputs), "logits");
    }

    [Fact]
    public void A_step_gives_the_same_bits_every_time()
    {
        var batch = Samples.Of(new Dropped(device: device).Description, 21, seed: 3);
        Assert.Equal(Run(), Run());

        float[] Run()
        {
            using var model = new Dropped(seed: 7, device);
            Step(model, new Sgd(0.1), batch);
            return [.. model.LastOutputs(), .. model.Parameters.SelectMany(parameter => parameter.ToArray())];
        }
    }

    [Fact]
    public void A_sample_does_not_see_its_neighbours()
    {
        using var model = new WideRegression(seed: 1, device);
        var inputs = Samples.Of(model.Description, 70, seed: 4).Floats(0).ToArray();
        var together = model.Predict(inputs);
        Assert.Equal(together[(2 * 66)..(2 * 67)], model.Predict(inputs.AsSpan(6 * 66, 6)));
    }

    public void Dispose() => device.Dispose();

    private static void Step(Model model, Optimizer optimizer, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
        optimizer.Update(model);
    }
}
