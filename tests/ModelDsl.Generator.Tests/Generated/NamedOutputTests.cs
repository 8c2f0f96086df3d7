using ModelDsl.Compiled;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Outputs inside a network: the same numbers as a network that ends there, no computation after them, and no effect on training.</summary>
public sealed class NamedOutputTests(NamedOutputTests.Compiled compiled) : IClassFixture<NamedOutputTests.Compiled>
{
    // Each network with names, without them, and cut at the first of them.
    private static readonly Dictionary<string, (string Input, string Before, string Name, string After)> Networks = new()
    {
        ["Dense"] = ("Input(37)", "Dense(67), Relu, Dense(19)", "code", "Tanh, Dense(33), Relu, Output(\"late\"), Dense(10), SoftmaxCrossEntropy"),
        ["Maps"] = ("Input(9, 8, 3)", "Conv2D(6, 3), Relu, MaxPool2D(2)", "maps", "Conv2D(5, 2), Relu, Flatten, Dense(4), SoftmaxCrossEntropy"),
        ["Split"] = ("Input(9, 8, 3)", "Conv2D(6, 3)", "maps", "Relu, MaxPool2D(2), Flatten, Dense(4), SoftmaxCrossEntropy"),
        ["Flat"] = ("Input(4, 3, 2)", "Conv2D(3, 2), Tanh, Flatten", "flat", "Dense(4), SoftmaxCrossEntropy"),
        ["Words"] = ("TokenInput(6, 11)", "Embedding(7), PositionalEmbedding, LayerNorm, GlobalAveragePool", "sentence", "Dense(5), Gelu, Dense(3), SoftmaxCrossEntropy"),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_named_output_is_that_of_the_network_cut_there(string network)
    {
        using var device = new CpuDevice { Threads = 2 };
        using var named = compiled.Library[network + "Named"].Create(device, seed: 3);
        using var cut = compiled.Library[network + "Cut"].Create(device, seed: 4);
        using var plain = compiled.Library[network + "Plain"].Create(device, seed: 5);
        foreach (var parameter in cut.Parameters) parameter.CopyFrom(named.Parameters[parameter.Name].ToArray());
        foreach (var parameter in plain.Parameters) parameter.CopyFrom(named.Parameters[parameter.Name].ToArray());
        foreach (var samples in new[] { 1, 5, 1300 })
        {
            Assert.Equal(Predict(cut, "Predict", samples), Predict(named, NamedOutputs.MethodOf(Networks[network].Name), samples));
            Assert.Equal(Predict(plain, "Predict", samples), Predict(named, "Predict", samples));
            Assert.Equal(Predict(plain, "PredictLogits", samples), Predict(named, "PredictLogits", samples));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_follows_a_named_output_is_not_computed(string network)
    {
        var type = compiled.Library[network + "Named"];
        var sample = Sample.Random(Lowering.Lower(type.Spec), 5, seed: 1);
        using var device = new CpuDevice { Threads = 1 };
        using var model = type.Create(device);
        foreach (var bits in Widths.ComparedBits)
        {
            var runner = new ProgramRunner(model, bits);
            var whole = runner.Infer(sample, InferParts.None).Values["output"];
            float[]? part = null;
            var reported = Record.Exception(() => part = runner.Infer(sample, InferStages.UpTo(0), workers: 3).Values["output"]);

            // The runner finds memory that nothing has written; what was written for something else is not the output.
            Assert.True(reported is null ? !part!.SequenceEqual(whole) : reported.Message.Contains("'output' holds what nobody wrote", StringComparison.Ordinal), $"{bits} bits: {reported?.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_is_the_same_code_and_the_same_bits(string network)
    {
        var (named, plain) = (compiled.Library[network + "Named"], compiled.Library[network + "Plain"]);
        Assert.Equal(Steps(plain), Steps(named));
        var sample = Sample.Random(Lowering.Lower(plain.Spec), 5, seed: 2);
        using var device = new CpuDevice { Threads = 1 };
        using var one = named.Create(device);
        using var other = plain.Create(device);
        new ProgramRunner(one, 512).Train(sample).AssertSameBits(new ProgramRunner(other, 512).Train(sample), network);
    }

    [Fact]
    public void Random_networks_with_names_give_what_their_graphs_say()
    {
        var models = ModelCorpus.Tried.Where(model => model.Form == ModelForm.List).Take(TestScale.Of("random networks with names", 5)).Select(model => (Model: RandomModels.WithNames(model.Seed), model.Seed)).Where(pair => pair.Model is not null).ToList();
        using var library = ModelLibrary.Of(Widths.Some(0), [.. models.Select(pair => pair.Model!.Source)]);
        Failures.Collect(models, pair => ModelCheck.Run(library[pair.Model!.Key], ModelTests.BatchOf(pair.Seed), pair.Seed));
    }

    [Fact]
    public void Names_show_in_the_description_and_are_no_outputs_of_training()
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = compiled.Library["DenseNamed"].Create(device);

        Assert.Equal(["output", "code", "late"], model.Description.Outputs.Select(output => output.Name));
        Assert.Equal([false, true, true], model.Description.Outputs.Select(output => output.IsInside));
        Assert.Contains(model.Description.Layers, layer => layer is { Name: "code", Kind: "Output", Output: "[N, 19]" });
        Assert.Contains("'code', which lies inside", Assert.Throws<InvalidOperationException>(() => model.LastOutputs(1)).Message, StringComparison.Ordinal);
        Assert.Equal(19, Predict(model, "PredictCode", 1).Length);
        Assert.Equal(33, Predict(model, "PredictLate", 1).Length);
    }

    [Fact]
    public void A_network_with_two_inputs_predicts_by_their_names()
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = compiled.Library["Towers"].Create(device);
        float[] left = [1, 2, 3, 4, 5, 6], right = [7, 8, 9, 10];

        var all = compiled.Library["Runner"].Type.GetMethod("Run")!.Invoke(null, [model, left, right]);

        var (whole, tower, room) = ((float[], float[], float[]))all!;
        Assert.Equal(tower, room);
        Assert.Equal((4, 10), (whole.Length, tower.Length));
    }

    private static float[] Predict(Model model, string method, int samples)
    {
        var input = model.Description.Inputs[0];
        var random = new Random(samples);
        if (input.Type == ColumnType.Int) return Call<int>(model, method, [.. Enumerable.Range(0, samples * input.Length).Select(_ => random.Next(input.Bound))]);
        return Call<float>(model, method, [.. Enumerable.Range(0, samples * input.Length).Select(_ => random.NextSingle() - 0.5f)]);
    }

    /// <summary>Calls a generated method by its array form; its span form is what that calls.</summary>
    private static float[] Call<T>(Model model, string method, T[] input)
    {
        var predict = model.GetType().GetMethod(method, [typeof(ReadOnlySpan<T>)])!.CreateDelegate<Prediction<T>>(model);
        return predict(input);
    }

    private delegate float[] Prediction<T>(ReadOnlySpan<T> input);

    /// <summary>The methods of a training step.</summary>
    private string Steps(CompiledType type)
    {
        var text = compiled.Library.Files[$"{type.Type.FullName}.Steps.g.cs"];
        return text[text.IndexOf("void Forward(", StringComparison.Ordinal)..text.IndexOf("void Infer(", StringComparison.Ordinal)];
    }

    public sealed class Compiled : IDisposable
    {
        internal ModelLibrary Library { get; } = ModelLibrary.Of([
            .. Networks.SelectMany(network => new[]
            {
                $"[Model, {network.Value.Input}, {network.Value.Before}, Output(\"{network.Value.Name}\"), {network.Value.After}] public partial class {network.Key}Named;",
                $"[Model, {network.Value.Input}, {network.Value.Before}, {network.Value.After.Replace("Output(\"late\"), ", "", StringComparison.Ordinal)}] public partial class {network.Key}Plain;",
                $"[Model, {network.Value.Input}, {network.Value.Before}, MeanSquaredError] public partial class {network.Key}Cut;",
            }),
            """
            [Model, MeanSquaredError] public partial class Towers
            {
                private static Tensor Forward([Input(3)] Tensor left, [Input(2)] Tensor right) =>
                    (left.Dense(5).Output("tower") * right.Dense(5)).Dense(2);
            }

            [Model, Input(1), Dense(1), MeanSquaredError] public partial class Runner
            {
                public static (float[], float[], float[]) Run(Towers model, float[] left, float[] right)
                {
                    var room = new float[10];
                    model.PredictTower(left, right, room);
                    return (model.Predict(left, right), model.PredictTower(left, right), room);
                }
            }
            """]);

        public void Dispose() => Library.Dispose();
    }
}
