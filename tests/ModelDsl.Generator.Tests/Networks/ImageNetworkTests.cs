using ModelDsl.Compiled;
using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Networks;

/// <summary>Well-known networks for pictures: their sizes as the literature has them, their gradients as PyTorch has them.</summary>
public sealed class ImageNetworkTests(ImageNetworkTests.NarrowLibrary networks) : IClassFixture<ImageNetworkTests.NarrowLibrary>
{
    private static readonly Dictionary<string, string> NarrowTypes = new()
    {
        ["ResNet-18"] = "NarrowResNet",
        ["MobileNetV2"] = "NarrowMobileNet",
        ["DenseNet"] = "NarrowDenseNet",
        ["Inception"] = "NarrowInception",
    };

    /// <summary>The networks that are computed, in narrow forms.</summary>
    public static TheoryData<string> Narrow => [.. TestScale.Some("networks for pictures that are compared with PyTorch", NarrowTypes.Keys, 2)];

    /// <summary>The parameters of torchvision's models.</summary>
    [Theory]
    [InlineData("ResNet18", 11_689_512, "[N, 7, 7, 512]")]
    [InlineData("MobileNetV2", 3_504_872, "[N, 7, 7, 1280]")]
    [InlineData("DenseNet121", 7_978_856, "[N, 7, 7, 1024]")]
    [InlineData("GoogLeNet", 6_624_904, "[N, 7, 7, 1024]")]
    public void Whole_networks_have_the_sizes_they_are_known_for(string name, int parameters, string beforePool)
    {
        var model = Read.Model(ImageNetworks.Blocks + ImageNetworks.Whole, name);
        Assert.Equal(parameters, model.Parameters.Where(parameter => parameter is not StateNode).Sum(parameter => parameter.Shape.Length));
        Assert.Equal(parameters, model.Layers.Sum(layer => layer.Parameters));
        var last = model.Layers.ToList().FindIndex(layer => layer.Kind.StartsWith("GlobalAveragePool", StringComparison.Ordinal));
        Assert.Equal(beforePool, model.Layers.Take(last).Last(layer => layer.Depth == 0).Output);
    }

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Gradients_are_those_of_PyTorch_in_float64(string name)
    {
        var model = Lowering.Lower(Compiled(name).Spec);
        var vectors = NetworkVectors.Read(name, model);
        var train = Simplifier.AfterGradients(Differentiation.Differentiate(Simplifier.BeforeGradients(model.Train!), model.Parameters));
        var run = new GraphInterpreter(vectors.N) { Parameters = vectors.Parameters, Columns = new() { [0] = vectors.Columns[0], [1] = vectors.Columns[1] } };
        Near(vectors.Output, run.Run(train, RootKind.Output), "output", 1e-12);
        Near([vectors.Loss], run.Run(train, RootKind.Loss), "loss", 1e-12);
        foreach (var (parameter, gradient) in vectors.Gradients) Near(gradient, run.Run(train, RootKind.Gradient, parameter), parameter, 1e-11, vectors.LeastGradient);
        foreach (var (state, values) in vectors.States) Near(values, run.Run(train, RootKind.State, state), state, 1e-12);
        Near(vectors.Inference, run.Run(Simplifier.AfterGradients(model.Infer!), RootKind.Output), "inference", 1e-12);
    }

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Generated_kernels_give_the_gradients_of_PyTorch(string name)
    {
        var type = Compiled(name);
        var vectors = NetworkVectors.Read(name, Lowering.Lower(type.Spec));
        var sample = Sample.Of(vectors.N, vectors.Parameters, vectors.Columns);
        using var device = new CpuDevice { Threads = 1 };
        using var model = type.Create(device);
        foreach (var (bits, workers) in Widths.ComparedBits.Select((bits, index) => (bits, index + 1)))
        {
            var runner = new ProgramRunner(model, bits);
            var trained = runner.Train(sample, workers).Values;
            Near(vectors.Output, trained["output"], "output", 1e-5);
            Near([vectors.Loss], trained["loss"], "loss", 1e-5);
            foreach (var (parameter, gradient) in vectors.Gradients) Near(gradient, trained[parameter], parameter, 1e-4, vectors.LeastGradient);
            foreach (var (state, values) in vectors.States) Near(values, trained[state], state, 1e-5);
            Near(vectors.Inference, runner.Infer(sample, InferParts.OutputActivation, workers).Values["output"], "inference", 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Kernels_of_any_width_and_any_number_of_threads_agree(string name) => ModelCheck.Run(Compiled(name), n: 3);

    private CompiledType Compiled(string name) => networks.Library[NarrowTypes[name]];

    /// <summary>Each value as exact as the greatest of its tensor would be, or as a value of the given size.</summary>
    private static void Near(double[] expected, double[] actual, string what, double tolerance, double least = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        var allowed = tolerance * Math.Max(least, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            Require.That(Math.Abs(expected[i] - actual[i]) <= allowed, $"{what}[{i}]: expected {expected[i]:R} ± {allowed:G2}, got {actual[i]:R}");
    }

    private static void Near(double[] expected, float[] actual, string what, double tolerance, double least = 0) =>
        Near(expected, Array.ConvertAll(actual, value => (double)value), what, tolerance, least);

    /// <summary>The narrow networks, compiled once.</summary>
    public sealed class NarrowLibrary() : LibraryFixture(ImageNetworks.Blocks, ImageNetworks.Narrow);
}
