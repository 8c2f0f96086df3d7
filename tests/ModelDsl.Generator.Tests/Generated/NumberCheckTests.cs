using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Programs of projects with <c>ModelDslCheckNumbers</c> stop at the first number that is infinite or NaN, and name it.</summary>
public sealed class NumberCheckTests(NumberCheckTests.Fixture fixture) : IClassFixture<NumberCheckTests.Fixture>
{
    private const string Models = """
        [Model, Input(3), MeanSquaredError] public partial class LogNet { private static Tensor Forward(Tensor x) => x.Dense(4).Log().Dense(2); }
        [Model, Input(3), Dense(4), Activation(nameof(Steep)), Dense(2), MeanSquaredError] public partial class ExpNet { static float Steep(float x) => MathF.Exp(x); }
        [Model, Input(3), Dense(40), Activation(nameof(Root)), Dense(2), MeanSquaredError] public partial class RootNet { static float Root(float x) => MathF.Sqrt(x); }
        [Model, Input(3), Dense(4), BatchNorm, Relu, Dense(2), MeanSquaredError] public partial class Plain;
        [Model, Input(2), Activation(nameof(Masked)), Activation(nameof(Weight)), Dense(1), MeanSquaredError] public partial class Bounded
        {
            static float Masked(float x) => x > 0 ? x : float.NegativeInfinity;
            static float Weight(float x) => MathF.Exp(x);
        }
        [Model] public partial class Scores
        {
            static float Masked(float x) => x > 0 ? x : float.NegativeInfinity;
            static (Tensor scores, Tensor y) Forward([Input(4)] Tensor x)
            {
                var scores = x.Activation(Masked);
                return (scores, (4 * scores.Softmax()).Dense(1));
            }
            [Loss] static Tensor Loss(Tensor y, [Target(1)] Tensor t) => y.MeanSquaredError(t);
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_logarithm_of_a_negative_number_names_layer_kernel_formula_step_sample_and_position(int threads)
    {
        using var model = fixture.Create("LogNet", threads);
        Ones(model, "dense1");
        var data = new float[100 * 3];
        data.AsSpan().Fill(1);
        Step(model, Batch.Of(100, data, new float[200]));

        // Several threads find one of these samples each; the first is named.
        (data[(41 * 3) + 1], data[93 * 3]) = (-5, -9);
        var found = Assert.Throws<NonFiniteNumberException>(() => model.Forward(Batch.Of(100, data, new float[200])));
        Assert.StartsWith(
            "LogNet has NaN in 'log1' in the forward pass of step 2: sample 41 of the batch, position [0]. The kernel Dense1AndLog1, whose operands are finite, computes:\n"
            + "  dense1[n, j] = Σᵢ input[n, i] · dense1.weight[j, i]   [N, 4]\n",
            found.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "\n  log1[n, j] = log(dense1[n, j])   [N, 4]\n"
            + "Parameters are as before the step. In a loop of your own, call UndoStep to take back the step's changes of states too.",
            found.Message, StringComparison.Ordinal);
        Assert.Equal(("LogNet", "'log1'", "forward", "Dense1AndLog1", 2, 41), (found.Model, found.Value, found.Pass, found.Kernel, found.Step, found.Sample));
        Assert.Equal([0], found.Coordinates);
        Assert.True(float.IsNaN(found.Number));
    }

    [Fact]
    public void An_exponential_beyond_the_range_of_numbers_names_the_layer()
    {
        using var model = fixture.Create("ExpNet");
        Ones(model, "dense1");
        var found = Assert.Throws<NonFiniteNumberException>(() => model.Forward(Batch.Of(2, [0f, 0, 0, 30, 30, 30], new float[4])));
        Assert.Equal((float.PositiveInfinity, 1, "activation1: Activation(Steep)"), (found.Number, found.Sample, found.Layer));
    }

    [Fact]
    public void A_gradient_names_the_parameter_and_the_backward_pass()
    {
        // The root of 0 is 0, and its derivative is infinite.
        using var model = fixture.Create("RootNet");
        Ones(model, "dense1");
        model.Parameters["dense1.weight"][33, 1] = 0;
        model.Parameters["dense1.bias"][33] = 0;
        var batch = Batch.Of(1, [0f, 1, 0], [1f, 1]);
        model.Forward(batch);
        var found = Assert.Throws<NonFiniteNumberException>(() => model.Backward(batch));
        Assert.Equal("backward", found.Pass);
        Assert.Contains("Gradient", found.Kernel, StringComparison.Ordinal);
        Assert.Equal(33, found.Coordinates[0]);
        model.UndoStep();
    }

    [Theory]
    [InlineData(0, "the input 'input' of the batch of step 1: sample 1 of the batch, position [2]. The data contains it")]
    [InlineData(1, "the target 'target' of the batch of step 1: sample 1 of the batch, position [1]. The data contains it")]
    public void Data_is_named_before_anything_is_computed_from_it(int column, string expected)
    {
        using var model = fixture.Create("Plain");
        float[][] columns = [new float[6], new float[4]];
        columns[column][^1] = float.PositiveInfinity;
        var found = Assert.Throws<NonFiniteNumberException>(() => model.Forward(Batch.Of(2, columns[0], columns[1])));
        Assert.Contains(expected, found.Message, StringComparison.Ordinal);
        Assert.Null(found.Kernel);
    }

    [Fact]
    public void A_weight_that_was_assigned_is_named_before_the_step()
    {
        using var model = fixture.Create("RootNet");
        model.Parameters["dense1.weight"][35, 2] = float.NaN;
        var found = Assert.Throws<NonFiniteNumberException>(() => model.Forward(Batch.Of(1, new float[3], new float[2])));
        Assert.StartsWith("RootNet has NaN in the parameter 'dense1.weight' before step 1: position [35, 2].", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_an_update_makes_infinite_are_named_after_it()
    {
        using var model = fixture.Create("Plain");
        var batch = Batch.Of(2, [1f, 2, 3, 4, 5, 6], [1f, 2, 3, 4]);
        Step(model, batch);
        model.Forward(batch);
        model.Backward(batch);
        Gradient gradient = model.Gradients["dense2.bias"];
        gradient.CopyFrom([1, -1e36f]);
        var found = Assert.Throws<NonFiniteNumberException>(() => new Sgd(1000).Update(model));
        Assert.StartsWith("Plain has Infinity in the parameter 'dense2.bias' after the update of step 2: position [1]. The update exceeded the range of numbers, and has changed the parameters", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Infinity_that_is_written_in_a_formula_is_allowed()
    {
        using var model = fixture.Create("Bounded");
        model.Forward(Batch.Of(2, [1f, -1, -2, 3], [1f, 1]));
        Assert.True(float.IsFinite(model.LastLoss));
    }

    [Fact]
    public void Infinity_that_is_written_in_a_formula_is_allowed_in_stored_values_and_not_in_products_with_them()
    {
        using var model = fixture.Create("Scores");
        var batch = Batch.Of(2, [1f, -1, -2, 3, 4, 5, -6, 7], [1f, 1]);
        Step(model, batch);
        Assert.Contains(float.NegativeInfinity, model.LastOutputs(0).ToArray());

        model.Parameters["dense1.weight"].CopyFrom([3e38f, 3e38f, 3e38f, 3e38f]);
        var found = Assert.Throws<NonFiniteNumberException>(() => model.Forward(batch));
        Assert.Equal((float.PositiveInfinity, 0), (found.Number, found.Sample));
        Assert.StartsWith("dense1", found.Layer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trainer_undoes_the_step_and_the_next_run_has_the_bits_of_one_without_it()
    {
        using var model = fixture.Create("Plain");
        using var other = fixture.Create("Plain");
        float[] x = [.. Enumerable.Range(0, 24).Select(i => i / 24f)], y = [.. Enumerable.Range(0, 16).Select(i => i / 16f)];
        var bad = (float[])y.Clone();
        bad[15] = 3e38f;
        var trainer = () => new Trainer(new Sgd(0.1)) { Epochs = 1, BatchSize = 8, View = TrainingView.None };
        Assert.Throws<NonFiniteNumberException>(() => trainer().Fit(model, Dataset.FromArrays(x, bad, targetLength: 2)));
        trainer().Fit(model, Dataset.FromArrays(x, y, targetLength: 2));
        trainer().Fit(other, Dataset.FromArrays(x, y, targetLength: 2));
        foreach (var (one, two) in model.Parameters.Zip(other.Parameters)) Assert.Equal(one.ToArray(), two.ToArray());
        foreach (var (one, two) in model.States.Zip(other.States)) Assert.Equal(one.ToArray(), two.ToArray());
    }

    [Fact]
    public void Checked_steps_have_the_bits_of_others()
    {
        using var library = ModelLibrary.Of([CpuTarget.Portable], Models);
        using var plain = library["Plain"].Create(new CpuDevice { Threads = 1, VectorBits = 128 });
        using var model = fixture.Create("Plain");
        var batch = Batch.Of(2, [1f, 2, 3, 4, 5, 6], [1f, 2, 3, 4]);
        Step(model, batch);
        Step(plain, batch);
        foreach (var (one, two) in model.Parameters.Zip(plain.Parameters)) Assert.Equal(one.ToArray(), two.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    [InlineData("")]
    public void Nothing_is_generated_without_the_property(string? value)
    {
        var files = Files(value);
        Assert.Equal(Files(null), files);
        Assert.All(files.Values, text => Assert.DoesNotContain("NumberCheck", text, StringComparison.Ordinal));
        Assert.Contains(Files("True").Values, text => text.Contains("NumberCheck.Run(", StringComparison.Ordinal));

        static Dictionary<string, string> Files(string? value) =>
            Generation.NewDriver(checkNumbers: value).RunGenerators(TestCompilation.Create(Models)).GetRunResult().Results[0].GeneratedSources
                .ToDictionary(source => source.HintName, source => source.SourceText.ToString());
    }

    [Fact]
    public void Models_whose_numbers_are_finite_run_in_memory_that_nothing_has_cleared() => Run(ModelCorpus.Share(3));

    [LongFact]
    public void All_models_whose_numbers_are_finite_run_in_memory_that_nothing_has_cleared()
    {
        foreach (var some in ModelCorpus.Tried.Chunk(100)) Run(some);
    }

    private static void Run(IReadOnlyList<CorpusModel> models)
    {
        using var library = ModelLibrary.WithCheckedNumbers([CpuTarget.Portable], [.. models.Select(model => model.Source)]);
        ModelCorpus.Check(models, model =>
        {
            var compiled = library[model.Key];
            var lowered = Lowering.Lower(compiled.Spec);
            using var device = new CpuDevice { Threads = 1, VectorBits = 128 };
            using var made = compiled.Create(device);
            for (var loss = 0; loss < lowered.Losses.Count; loss++)
                new ProgramRunner(made, 128).Train(Sample.Random(lowered, 5), workers: 2, loss);
        });
    }

    private static void Ones(Model model, string layer)
    {
        foreach (var parameter in model.Parameters.Where(parameter => parameter.Name.StartsWith(layer, StringComparison.Ordinal)))
        {
            var ones = new float[parameter.Count];
            ones.AsSpan().Fill(1);
            parameter.CopyFrom(ones);
        }
    }

    private static void Step(Model model, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
        new Sgd(0).Update(model);
    }

    public sealed class Fixture : IDisposable
    {
        private readonly ModelLibrary library = ModelLibrary.WithCheckedNumbers([CpuTarget.Portable], Models);

        internal Model Create(string name, int threads = 1) => library[name].Create(new CpuDevice { Threads = threads, VectorBits = 128 });

        public void Dispose() => library.Dispose();
    }
}
