using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Batch normalisation: gradients through the batch's statistics, states, two graphs.</summary>
public class BatchNormTests
{
    [Theory]
    [InlineData]
    [InlineData("epsilon", 0.1)]
    [InlineData("momentum", 0.3)]
    [InlineData("useScale", false)]
    [InlineData("useBias", false)]
    [InlineData("frozen", true)]
    public void Gradients(string? argument = null, object? value = null)
    {
        (string, object)[] arguments = argument is null ? [] : [(argument, value!)];
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(5).Layer("BatchNorm", arguments).Layer("Tanh").Dense(2).Layer("MeanSquaredError").Lower(), n: 4);
        GradientCheck.Run(new SpecBuilder().Input(2, 3).Dense(5).Layer("BatchNorm", arguments).Dense(2).Layer("MeanSquaredError").Lower(), n: 2);
        GradientCheck.Run(new SpecBuilder().Input(2, 2, 3).Dense(4).Layer("BatchNorm", arguments).Layer("MeanSquaredError").Lower(), n: 1);
    }

    [Fact]
    public void The_backward_pass_has_two_sums_over_the_batch_per_layer()
    {
        var model = new SpecBuilder().Input(3).Dense(5, ("useBias", false)).Layer("BatchNorm").Layer("Tanh").Dense(2, ("useBias", false))
            .Layer("MeanSquaredError").Lower();
        var graph = Simplifier.AfterGradients(Differentiation.Differentiate(Simplifier.BeforeGradients(model.Train!), model.Parameters));
        var sums = graph.Nodes.Count(node => node is ReduceNode && node.Domain.HasBatch && node.Shape == Shape.Of(5));
        Assert.True(sums == 4, Printer.Print(graph));
    }

    [Fact]
    public void Running_values_move_towards_those_of_the_batch()
    {
        var model = new SpecBuilder().Input(1).Layer("BatchNorm", ("momentum", 0.25)).Layer("MeanSquaredError").Lower();
        var data = new ModelData(model, 4) { };
        data.Columns[0] = [1, 2, 3, 6];
        data.Parameters["batchNorm1.running_mean"] = [10];
        data.Parameters["batchNorm1.running_var"] = [1];

        // The mean is 3, the sum of squared distances 14: the unbiased variance is 14 / 3, the biased one 14 / 4.
        Assert.Equal(8.25, data.Interpreter().Run(model.Train!, RootKind.State, "batchNorm1.running_mean")[0], 12);
        Assert.Equal(0.75 + (0.25 * 14 / 3), data.Interpreter().Run(model.Train!, RootKind.State, "batchNorm1.running_var")[0], 12);
        data.Parameters["batchNorm1.weight"] = [1];
        data.Parameters["batchNorm1.bias"] = [0];
        Assert.Equal(-2 / Math.Sqrt(3.5 + 1e-5), data.Interpreter().Run(model.Train!, RootKind.Output)[0], 12);
        Assert.Equal(-9 / Math.Sqrt(1 + 1e-5), data.Interpreter().Run(model.Infer!, RootKind.Output)[0], 12);
    }

    [Fact]
    public void Frozen_it_keeps_its_running_values_and_uses_them()
    {
        var model = new SpecBuilder().Input(3).Layer("BatchNorm", ("frozen", true)).Dense(2).Layer("MeanSquaredError").Lower();
        Assert.DoesNotContain(model.Train!.Roots, root => root.Kind == RootKind.State);
        Assert.Null(model.NeedsTwoSamples);
        var data = new ModelData(model, 1);
        Assert.Equal(data.Interpreter().Run(model.Infer!, RootKind.Output), data.Interpreter().Run(model.Train!, RootKind.Output));
    }

    [Fact]
    public void In_inference_no_pass_is_left_of_it_behind_a_convolution()
    {
        var model = new SpecBuilder().Input(6, 6, 3).Layer("Conv2D", ("filters", 8), ("kernel", 3), ("useBias", false)).Layer("BatchNorm").Layer("Relu")
            .Composite("Residual", ["Inner"]).Layer("Relu").Layer("Conv2D", ("filters", 4), ("kernel", 1), ("stride", 2)).Layer("BatchNorm")
            .Layer("Flatten").Dense(2).Layer("MeanSquaredError")
            .Block("Inner", inner => inner.Layer("Conv2D", ("filters", 8), ("kernel", 3), ("paddingSize", 1)).Layer("BatchNorm"));
        var plan = ModelCompiler.Plan(model.Build()).Infer;
        var maps = plan.Fused.Groups.Where(group => group.Stored.Any(node => node.Shape.HasBatch && node.Shape.Rank == 4)).ToArray();
        Assert.Equal(3, maps.Length);
        Assert.All(maps, group => Assert.Equal(GroupKind.Contract, group.Kind));
        Assert.Equal(["relu1", "relu2", "batchNorm2"], maps.Select(group => Assert.Single(group.Stored).Name));

        // What is left is one number per channel, twice.
        var others = plan.Fused.Groups.Where(group => group.Kind != GroupKind.Contract && group.Part == maps[0].Part).SelectMany(group => group.Stored);
        Assert.All(others, node => Assert.True(!node.Shape.HasBatch && node.Shape.Rank == 1, node.Name));
    }

    [Fact]
    public void States_are_no_parameters_of_the_summary()
    {
        var model = new SpecBuilder().Input(6).Layer("BatchNorm").Dense(2).Layer("MeanSquaredError").Lower();
        Assert.Equal(12, model.Layers[1].Parameters);
        Assert.Equal(
            ["batchNorm1.weight", "batchNorm1.bias", "batchNorm1.running_mean", "batchNorm1.running_var"],
            model.Parameters.Take(4).Select(parameter => parameter.Name));
        Assert.Equal([false, false, true, true], model.Parameters.Take(4).Select(parameter => parameter is StateNode));
    }

    [Theory]
    [InlineData(true, 7)]
    [InlineData(true, 1, 7)]
    [InlineData(true, 1, 1, 7)]
    [InlineData(false, 7, 2)]
    public void A_flat_vector_needs_two_samples(bool needs, params int[] shape)
    {
        var model = new SpecBuilder().Input(shape).Layer("BatchNorm").Layer("Flatten").Dense(2).Layer("MeanSquaredError").Lower();
        Assert.Equal(needs ? "batchNorm1" : null, model.NeedsTwoSamples);
    }
}
