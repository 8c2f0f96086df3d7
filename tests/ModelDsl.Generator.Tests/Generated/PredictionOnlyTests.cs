using ModelDsl.Compiled;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>A model for prediction only computes what the same network with a loss computes, and nothing of training is generated for it.</summary>
public sealed class PredictionOnlyTests(PredictionOnlyModels compiled) : IClassFixture<PredictionOnlyModels>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;
    private readonly ModelLibrary library = compiled.Library;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(PredictionOnlyModels.Names), MemberType = typeof(PredictionOnlyModels))]
    public void Outputs_have_the_bits_of_the_network_with_a_loss(string name)
    {
        using var trained = library[name + "Trained"].Create(Device.Cpu, seed: 3);
        using var model = library[name].Create(Device.Cpu, seed: 4);
        trained.Save(PathOf(name));
        model.Load(PathOf(name));
        foreach (var samples in new[] { 1, 5, 33 })
        {
            var batch = BatchOf(trained, samples);
            using var expected = trained.Infer(batch);
            using var activated = model.Infer(batch, InferParts.OutputActivation);
            for (var output = 0; output < model.Description.Outputs.Length; output++)
            {
                Assert.Equal(expected.Outputs(output).ToArray(), activated.Outputs(output).ToArray());
                if (!model.Description.Outputs[output].IsInside) Assert.Equal(expected.Outputs(output).ToArray(), activated.Activated(output).ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(PredictionOnlyModels.Names), MemberType = typeof(PredictionOnlyModels))]
    public void Nothing_of_training_is_generated(string name)
    {
        var (text, other) = (TextOf(name), TextOf(name + "Trained"));
        foreach (var word in new[] { "Gradient", "PlanDescription Train", "void Forward", "void Backward", "record Example", "PredictLogits", "Trainable: true" })
        {
            Assert.Contains(word, other, StringComparison.Ordinal);
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        }

        Assert.InRange(text.Length, 1, other.Length * 2 / 3);
    }

    [Theory]
    [MemberData(nameof(PredictionOnlyModels.Names), MemberType = typeof(PredictionOnlyModels))]
    public void Everything_that_needs_a_loss_is_an_error_that_says_what_to_do(string name)
    {
        using var model = library[name].Create(Device.Cpu);
        var batch = BatchOf(model, 2);
        var trainer = new Trainer(new Adam());
        var data = Dataset.FromArrays(new float[4], new float[4]);
        Action[] uses =
        [
            () => model.Forward(batch), () => model.Backward(batch), () => _ = model.LastLoss, () => model.LastOutputs(), () => model.EnsureBatchCapacity(3),
            () => model.Infer(batch, InferParts.Loss).Dispose(), () => trainer.Fit(model, data), () => trainer.Evaluate(model, data),
            () => new Sgd(0.1).Update(model), () => new LearningRateFinder().Run(model, trainer, data), () => ModelChecker.Verify(model, batch),
        ];
        Assert.All(uses, use => Assert.Equal(
            $"{name} is for prediction only: it has no loss and no training step. To train or evaluate it, remove PredictionOnly from its [Model] and declare a loss.",
            Assert.Throws<InvalidOperationException>(use).Message));
    }

    [Fact]
    public void It_has_no_gradients_and_its_summary_says_what_it_is_for()
    {
        using var model = library["Normed"].Create(Device.Cpu);
        using var trained = library["NormedTrained"].Create(Device.Cpu);
        Assert.True(model.Description.IsPredictionOnly);
        Assert.False(trained.Description.IsPredictionOnly);
        Assert.Empty(model.Gradients);
        Assert.Equal(0, model.Description.TrainableFloats);
        Assert.Equal(trained.Parameters.Concat<ParameterTensor>(trained.States).Select(tensor => tensor.ToString()), model.Parameters.Concat<ParameterTensor>(model.States).Select(tensor => tensor.ToString()));
        Assert.Contains("For prediction only: no loss and no gradients\n", model.Summary(), StringComparison.Ordinal);
        Assert.DoesNotContain("Frozen", model.Summary(), StringComparison.Ordinal);
        Assert.DoesNotContain("prediction only", trained.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_has_the_logits_of_the_network_with_a_loss()
    {
        using var trained = library["WriterTrained"].Create(Device.Cpu, seed: 3);
        using var model = library["Writer"].Create(Device.Cpu, seed: 4);
        trained.Save(PathOf("writer"));
        model.Load(PathOf("writer"));
        Assert.Equal(Logits(trained), Logits(model));

        static float[] Logits(Model model)
        {
            using var session = (GenerationSession)model.GetType().GetMethod("CreateSession", [typeof(int)])!.Invoke(model, [1])!;
            return session.Append([3, 1, 4, 1]).ToArray();
        }
    }

    [Fact]
    public void Several_outputs_are_as_Forward_returns_them()
    {
        using var model = library["Pair"].Create(Device.Cpu);
        var batch = BatchOf(model, 3);
        using var inference = model.Infer(batch, InferParts.OutputActivation);
        Assert.Equal(["classes", "code"], model.Description.Outputs.Select(output => output.Name));
        Assert.Equal(3, inference.Activated(0).ToArray().Sum(), 4);
        Assert.Equal(12, inference.Outputs(1).Length);
    }

    [Fact]
    public void Weights_of_a_block_go_from_one_model_to_another()
    {
        // A block has one name for each use: that of its attribute, of its field, or a number.
        using var only = library["TrunkOnly"].Create(Device.Cpu, seed: 1);
        using var student = library["Student"].Create(Device.Cpu, seed: 2);
        using var blocked = library["Blocked"].Create(Device.Cpu, seed: 3);
        only.Save(PathOf("only"));

        var report = student.Load(PathOf("only"), new LoadOptions { FilePrefix = "trunk1.", Prefix = "trunk.", AllowMissing = true });
        blocked.Load(PathOf("only"), new LoadOptions { Rename = [("trunk1.", "trunk.")], AllowMissing = true });

        Assert.Equal(["trunk.scale", "trunk.conv2D1.weight", "trunk.batchNorm1.weight", "trunk.batchNorm1.bias", "trunk.batchNorm1.running_mean", "trunk.batchNorm1.running_var"], report.Loaded);
        Assert.Equal(["dense1.weight", "dense1.bias"], report.Missing);
        Assert.Equal(only.Parameters["trunk1.conv2D1.weight"].ToArray(), student.Parameters["trunk.conv2D1.weight"].ToArray());
        Assert.Equal(only.Parameters["trunk1.conv2D1.weight"].ToArray(), blocked.Parameters["trunk.conv2D1.weight"].ToArray());
        student.Save(PathOf("student"));
        only.Load(PathOf("student"), new LoadOptions { FilePrefix = "trunk.", Prefix = "trunk1." });
    }

    [Fact]
    public void A_function_without_a_derivative_is_no_mistake()
    {
        using var model = library["Stairs"].Create(Device.Cpu);
        var predict = library["Stairs"].Type.GetMethod("Predict", [typeof(ReadOnlySpan<float>)])!.CreateDelegate<Prediction>(model);
        Assert.Equal([1, 2, -2, 0], predict([1.2f, 1.9f, -1.6f, 0.1f]));
        Assert.Empty(ModelCompiler.Check(library["Stairs"].Spec));
    }

    private delegate float[] Prediction(ReadOnlySpan<float> input);

    /// <summary>Random samples with the columns of a model.</summary>
    private static Batch BatchOf(Model model, int samples)
    {
        ColumnDescription[] columns = [.. model.Description.Inputs, .. model.Description.Targets];
        var batch = new Batch(columns, samples) { Count = samples };
        var random = new Random(samples);
        for (var i = 0; i < columns.Length; i++)
        {
            for (var k = 0; k < samples * columns[i].Length; k++)
            {
                if (columns[i].Type == ColumnType.Int) batch.Ints(i)[k] = random.Next(columns[i].Bound);
                else batch.Floats(i)[k] = random.NextSingle() - 0.5f;
            }
        }

        return batch;
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".safetensors");

    private string TextOf(string name) => string.Concat(library.Files.Where(file => file.Key.StartsWith(name + ".", StringComparison.Ordinal)).Select(file => file.Value));
}
