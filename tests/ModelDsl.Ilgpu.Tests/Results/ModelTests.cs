using System.Reflection;
using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>The same models on ILGPU's CPU accelerator and on the CPU: outputs, gradients and updated parameters agree to rounding.</summary>
[Collection(SharedDevice.Name)]
public sealed class ModelTests(SharedDevice shared)
{
    private static readonly Dictionary<string, Func<Device?, Model>> Models = new()
    {
        [nameof(Classifier)] = device => new Classifier(seed: 5, device),
        [nameof(WideRegression)] = device => new WideRegression(seed: 5, device),
        [nameof(Normalised)] = device => new Normalised(seed: 5, device),
        [nameof(BatchNormalised)] = device => new BatchNormalised(seed: 5, device),
        [nameof(Maps)] = device => new Maps(seed: 5, device),
        [nameof(SmoothMaps)] = device => new SmoothMaps(seed: 5, device),
        [nameof(Sequences)] = device => new Sequences(seed: 5, device),
        [nameof(Depthwise)] = device => new Depthwise(seed: 5, device),
        [nameof(Enlarged)] = device => new Enlarged(seed: 5, device),
        [nameof(Nested)] = device => new Nested(seed: 5, device),
        [nameof(Recurrent)] = device => new Recurrent(seed: 5, device),
        [nameof(Skinny)] = device => new Skinny(seed: 5, device),
        [nameof(Rivals)] = device => new Rivals(seed: 5, device),
        [nameof(PooledMaps)] = device => new PooledMaps(seed: 5, device),
        [nameof(Dropped)] = device => new Dropped(seed: 5, device),
        [nameof(Tokens)] = device => new Tokens(seed: 5, device),
        [nameof(Attentive)] = device => new Attentive(seed: 5, device),
        [nameof(Remembering)] = device => new Remembering(seed: 5, device),
        [nameof(Generating)] = device => new Generating(seed: 5, device),
        [nameof(Translated)] = device => new Translated(seed: 5, device),
        [nameof(Composed)] = device => new Composed(seed: 5, device),
        [nameof(Broad)] = device => new Broad(seed: 5, device),
        [nameof(Rounded)] = device => new Rounded(seed: 5, device),
        [nameof(ManyViews)] = device => new ManyViews(seed: 5, device),
        [nameof(Causal)] = device => new Causal(seed: 5, device),
        [nameof(Coded)] = device => new Coded(seed: 5, device),
        [nameof(Custom)] = device => new Custom(seed: 5, device),
    };

    private readonly IlgpuDevice device = shared.Device;

    /// <summary>The attributes of classes that change a model, without those that only mark a class or an argument.</summary>
    private static IEnumerable<string> Language => typeof(ModelAttribute).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(Attribute)) && !type.IsAbstract && type.GetCustomAttribute<AttributeUsageAttribute>()!.ValidOn.HasFlag(AttributeTargets.Class))
        .Select(type => type.Name.Split('`')[0]).Distinct();

    /// <summary>Batches of two sizes for all models. In the other tiers: few models that have every attribute between them, and the larger size for every fourth of them alone, and in the fast tier for none.</summary>
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var (number, model) in Tried.Index())
            {
                var isSlow = model is nameof(WideRegression) or nameof(ManyViews) or nameof(Rounded) or nameof(Broad) or nameof(Skinny);
                var isLarge = !TestScale.IsFast && !isSlow && number % 4 == 3;
                if (!isLarge || TestScale.IsLong)
                    cases.Add(model, 3);
                if (isLarge || (!isSlow && TestScale.IsLong))
                    cases.Add(model, 19);
            }

            return cases;
        }
    }

    /// <summary>All models in the long tier. The fast tier leaves out the models that take longest on ILGPU's CPU accelerator; tests of kernels compute what they compute on an interpreter.</summary>
    private static IReadOnlyList<string> Tried
    {
        get
        {
            var chosen = Chosen();
            string[] fast = [.. chosen.Except([nameof(Attentive), nameof(Remembering), nameof(Composed), nameof(WideRegression), nameof(BatchNormalised), nameof(Tokens), nameof(PooledMaps)])];
            TestScale.Count("models trained on the GPU target", fast.Length, TestScale.IsLong ? Models.Count : TestScale.IsFast ? fast.Length : chosen.Count);
            return TestScale.IsLong ? [.. Models.Keys] : TestScale.IsFast ? fast : chosen;
        }
    }

    [Fact]
    public void Every_layer_loss_and_composition_is_among_the_models() => Assert.Empty(Language.Except(Chosen().SelectMany(Attributes)));

    /// <summary>Few models that have every attribute between them: again and again the one with the most attributes that none before it has.</summary>
    private static List<string> Chosen()
    {
        var chosen = new List<string>();
        var missing = Language.ToHashSet();
        while (Models.Keys.MaxBy(name => Attributes(name).Count(missing.Contains)) is { } best && Attributes(best).Overlaps(missing))
        {
            chosen.Add(best);
            missing.ExceptWith(Attributes(best));
        }

        return chosen;
    }

    /// <summary>The attributes of a model and of its blocks.</summary>
    private static HashSet<string> Attributes(string model)
    {
        var attributes = new HashSet<string>();
        var seen = new HashSet<Type>();
        var types = new Queue<Type>([typeof(Classifier).Assembly.GetType($"{typeof(Classifier).Namespace}.{model}", throwOnError: true)!]);
        while (types.TryDequeue(out var type))
        {
            if (!seen.Add(type))
                continue;
            foreach (var attribute in type.GetCustomAttributes(inherit: false).Select(attribute => attribute.GetType()))
            {
                attributes.Add(attribute.Name.Split('`')[0]);
                foreach (var block in attribute.GenericTypeArguments)
                    types.Enqueue(block);
            }
        }

        return attributes;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_agree_with_the_cpu(string name, int count)
    {
        using var cpu = Models[name](null);
        using var gpu = Models[name](device);
        var onCpu = new Adam(1e-2) { ClipNorm = 1 };
        var onGpu = new Adam(1e-2) { ClipNorm = 1 };
        for (var step = 0; step < (TestScale.IsFast ? 1 : 2); step++)
        {
            var batch = Samples.Of(cpu.Description, count, seed: step);

            // A second step starts from parameters that differ by rounding already, which Adam's division magnifies where a gradient is tiny.
            var tolerance = step == 0 ? 2e-5 : 1e-3;
            Near.Equal(Step(cpu, onCpu, batch), Step(gpu, onGpu, batch), "losses", tolerance);
            for (var i = 0; cpu.Description.Losses.Length == 0 && i < cpu.Description.Outputs.Length && !cpu.Description.Outputs[i].IsInside; i++)
                Near.Equal(cpu.LastOutputs(i), gpu.LastOutputs(i), cpu.Description.Outputs[i].Name, tolerance);
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
    public void Predictions_of_named_outputs_agree_with_the_cpu()
    {
        using var cpu = new Coded(seed: 2);
        using var gpu = new Coded(seed: 2, device);
        var inputs = Samples.Of(cpu.Description, 5, seed: 9).Floats(0).ToArray();
        Near.Equal(cpu.PredictFirst(inputs), gpu.PredictFirst(inputs), "first");
        Near.Equal(cpu.PredictCode(inputs), gpu.PredictCode(inputs), "code");
    }

    [Fact]
    public void Predictions_of_a_model_for_prediction_only_agree_with_the_cpu()
    {
        using var cpu = new Predicting(seed: 2);
        using var gpu = new Predicting(seed: 2, device);
        var batch = Samples.Of(cpu.Description, 5, seed: 9);
        Near.Equal(cpu.Predict(batch.Floats(0)), gpu.Predict(batch.Floats(0)), "probabilities");
        Near.Equal(cpu.PredictMaps(batch.Floats(0)), gpu.PredictMaps(batch.Floats(0)), "maps");
        Assert.Contains("is for prediction only", Assert.Throws<InvalidOperationException>(() => gpu.Forward(batch)).Message, StringComparison.Ordinal);
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

    [Fact]
    public void A_sample_whose_sums_are_in_partial_sums_does_not_see_them_either()
    {
        using var model = new Skinny(seed: 1, device);
        var inputs = Samples.Of(model.Description, 66, seed: 4).Floats(0).ToArray();
        var together = model.Predict(inputs);
        Assert.Equal(together[(2 * 65)..(2 * 66)], model.Predict(inputs.AsSpan(2100 * 65, 2100)));
    }

    /// <summary>The step of each loss, with the update of what it trains.</summary>
    private static float[] Step(Model model, Optimizer optimizer, Batch batch)
    {
        if (model is Rivals rivals)
        {
            rivals.BackwardCriticLoss(batch);
            var critic = model.LastLoss;
            optimizer.Update(rivals.Critic);
            rivals.BackwardPainterLoss(batch);
            optimizer.Update(rivals.Painter);
            return [critic, model.LastLoss];
        }

        model.Forward(batch);
        model.Backward(batch);
        optimizer.Update(model);
        return [model.LastLoss];
    }
}
