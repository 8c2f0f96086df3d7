using System.Globalization;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Weights of samples and classes.</summary>
public class LossWeightTests
{
    [Theory]
    [InlineData("MeanSquaredError")]
    [InlineData("SoftmaxCrossEntropy")]
    public void Weights_that_are_all_zero_give_no_loss_and_no_gradient(string kind)
    {
        var model = new SpecBuilder().Input(3).Dense(4).Layer(kind, ("sampleWeights", true)).Lower();
        var data = new ModelData(model, n: 3);
        data.Columns[2] = [0, 0, 0];
        var train = ModelCompiler.Differentiate(model);
        foreach (var root in train.Roots.Where(root => root.Kind is RootKind.Loss or RootKind.Gradient)) Assert.All(data.Interpreter().Run(root.Value), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(double.NaN, double.NaN, double.NaN)]
    public void A_weight_that_is_no_number_makes_the_loss_and_the_gradients_none(double first, double second, double third)
    {
        var model = new SpecBuilder().Input(3).Dense(4).Layer("MeanSquaredError", ("sampleWeights", true)).Lower();
        var data = new ModelData(model, n: 3);
        data.Columns[2] = [first, second, third];
        var train = ModelCompiler.Differentiate(model);
        foreach (var root in train.Roots.Where(root => root.Kind is RootKind.Loss or RootKind.Gradient)) Assert.All(data.Interpreter().Run(root.Value), value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public void A_sample_without_weight_does_not_count_even_if_its_loss_is_no_number()
    {
        var model = new SpecBuilder().Input(3).Dense(4).Layer("MeanSquaredError", ("sampleWeights", true)).Lower();
        var (data, other) = (new ModelData(model, n: 3), new ModelData(model, n: 3));
        data.Columns[2] = other.Columns[2] = [1, 0, 2];
        data.Columns[1][5] = double.NaN;
        var loss = ModelCompiler.Differentiate(model).Roots.Single(root => root.Kind == RootKind.Loss).Value;
        Assert.Equal(other.Interpreter().Run(loss), data.Interpreter().Run(loss));
    }

    [Fact]
    public void The_weights_are_the_last_column()
    {
        var model = new SpecBuilder().Input(3).Dense(4).Layer("SoftmaxCrossEntropy", ("sampleWeights", true)).Lower();
        Assert.Equal(["label", "weight"], model.Targets.Select(column => column.Node.Name));
        Assert.Equal(2, model.WeightColumn);
        Assert.Equal("weight", Assert.Single(new SpecBuilder().Input(3).Dense(3).Layer("MeanSquaredError", ("target", "Input"), ("sampleWeights", true)).Lower().Targets).Node.Name);
    }

    [Fact]
    public void Generated_programs_compute_weighted_losses()
    {
        using var library = ModelLibrary.Of(
            """
            [Model, Input(5), Dense(7), Tanh, Dense(4), SoftmaxCrossEntropy(ClassWeights = new[] { 0.5f, 3f, 0f, 1.25f }, SampleWeights = true, LabelSmoothing = 0.1, Ignore = -1)] public partial class Classes;
            [Model, TokenInput(6, 9, Padding = 0), Embedding(5), Dense(3), SoftmaxCrossEntropy(ClassWeights = new[] { 1f, 2f, 0.25f })] public partial class Positions;
            [Model, Input(5), Dense(3), BinaryCrossEntropy(PositiveWeight = 4, SampleWeights = true)] public partial class Decisions;
            [Model, Input(4), Dense(2), Tanh, Dense(4), Huber(Target = Target.Input, SampleWeights = true)] public partial class Reproducing;
            [Model] public partial class Nulls
            {
                private static Tensor Forward([Input(5)] Tensor x) => x.Dense(3);
                [Loss] private static Tensor Cost(Tensor output, [Label(3)] Tensor label) => output.SoftmaxCrossEntropy(label, classWeights: null, weights: null);
            }
            [Model] public partial class Method
            {
                private static (Tensor kind, Tensor size) Forward([TokenInput(6, 9, Padding = 0)] Tensor x) => (x.Embedding(5).Dense(3), x.Embedding(4).Mean(0).Dense(2));
                [Loss] private static Tensor Both(Tensor kind, Tensor size, [Label(3, Length = 6, Ignore = -1)] Tensor label, [Target(2)] Tensor target, [Target(1)] Tensor weight) =>
                    kind.SoftmaxCrossEntropy(label, classWeights: [1, 2.5, 0.25], weights: weight).Mean() + size.Huber(target, weights: weight.Square() + 0.5).Mean();
            }
            """);
        foreach (var name in library.Names) ModelCheck.Run(library[name], 5);
    }

    [Theory]
    [InlineData("[Model, Input(4), Dense(3), SoftmaxCrossEntropy(ClassWeights = {|MDSL0100:new[] { 1f, 2f }|})] partial class Net;", "2 class weights, but 'dense1' gives [N, 3], so there are 3 classes")]
    [InlineData("[Model, Input(4), Dense(3), SoftmaxCrossEntropy(ClassWeights = {|MDSL0010:new[] { 1f, -2f, 1f }|})] partial class Net;", "[1, -2, 1]; it must be weights that are finite and not negative, and not all 0")]
    [InlineData("[Model, Input(4), Dense(3), SoftmaxCrossEntropy(ClassWeights = {|MDSL0010:new[] { 0f, 0f, 0f }|})] partial class Net;", "not all 0")]
    [InlineData("[Model, Input(4), Dense(3), BinaryCrossEntropy(PositiveWeight = {|MDSL0010:0|})] partial class Net;", "'positiveWeight' of BinaryCrossEntropy is 0; it must be positive and finite")]
    [InlineData("[Model] partial class Net { static Tensor Forward([Input(4)] Tensor x) => x.Dense(3); [Loss] static Tensor L(Tensor output, [Label(3)] Tensor t) => output.SoftmaxCrossEntropy(t, classWeights: {|MDSL0100:[1, 2]|}); }", "2 class weights, but 'dense1' gives [N, 3], so there are 3 classes")]
    [InlineData("[Model] partial class Net { static Tensor Forward([Input(4)] Tensor x) => x.Dense(3); [Loss] static Tensor L(Tensor output, [Target(3)] Tensor t, [Target(2)] Tensor w) => output.{|MDSL0052:Huber(t, weights: w)|}; }", "there is one weight for each sample, [N, 1], or one for each loss, [N, 3]")]
    [InlineData("[Model] partial class Net { static Tensor Forward([TokenInput(6, 9)] Tensor x) => x.Embedding(3); [Loss] static Tensor L(Tensor output, [Target(6, 3)] Tensor t, [Target(2)] Tensor w) => output.{|MDSL0052:Huber(t, weights: w)|}; }", "one weight for each sample, [N, 1], one for each position, [N, T=6], or one for each loss, [N, T=6, 3]")]
    [InlineData("[Model] partial class Net { static Tensor Forward([Input(4)] Tensor x) => x.Dense(3); [Loss(SampleWeights = true)] static Tensor {|MDSL0060:L|}(Tensor output, [Target(3)] Tensor t) => output.Huber(t); }", "'output.MeanSquaredError(target, weights: weight)' uses it")]
    public Task Weights_that_do_not_fit_are_one_error(string source, string message) => Expect.Message(source, message);

    [Fact]
    public async Task The_error_about_weights_of_losses_of_samples_names_one_shape()
    {
        var problem = Assert.Single(await Expect.Diagnostics("[Model] partial class Net { static Tensor Forward([Input(4)] Tensor x) => x.Dense(3); [Loss] static Tensor L(Tensor output, [Label(3)] Tensor t, [Target(2)] Tensor w) => output.{|MDSL0052:SoftmaxCrossEntropy(t, weights: w)|}; }"));
        Assert.EndsWith("there is one weight for each sample, [N, 1]", problem.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
