using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Several inputs and outputs, and losses as methods.</summary>
public class LossMethodTests
{
    private const string Tasks =
        """
        [Model] partial class Net
        {
            private static (Tensor kind, Tensor place) Forward([Input(4)] Tensor x, [TokenInput(3, 7)] Tensor words)
            {
                var h = Tensor.Concat(x.Dense(5), words.Embedding(2).Flatten()).Tanh();
                return (h.Dense(6), h.Dense(2));
            }

            [Loss]
            private static Tensor Both(Tensor kind, [Label(6)] Tensor truth, Tensor place, [Target(2)] Tensor where) =>
                kind.SoftmaxCrossEntropy(truth) + 0.25 * place.Huber(where, delta: 0.5);
        }
        """;

    [Fact]
    public void Inputs_outputs_and_targets_have_their_names()
    {
        var model = Read.Model(Tasks);
        Assert.Equal(["x", "words"], model.Inputs.Select(column => column.Node.Name));
        Assert.Equal(["truth", "where"], model.Targets.Select(column => column.Node.Name));
        Assert.Equal([0, 1, 2, 3], model.Inputs.Concat(model.Targets).Select(column => column.Node.Column));
        Assert.Equal(["[N]", "[N, 2]"], model.Targets.Select(column => column.Node.Shape.ToString()));
        Assert.Equal(
            ["Output kind", "Output place", "OutputActivation kind", "OutputActivation place", "Loss loss"],
            model.Infer!.Roots.Select(root => $"{root.Kind} {root.Name}"));
        Assert.NotSame(model.Infer.Roots[0].Value, model.Infer.Roots[2].Value);
        Assert.Same(model.Infer.Roots[1].Value, model.Infer.Roots[3].Value);
        GradientCheck.Run(model);
    }

    [Theory]
    [InlineData("MeanSquaredError", "y.MeanSquaredError(t)", "Target(3)")]
    [InlineData("MeanAbsoluteError", "y.MeanAbsoluteError(t)", "Target(3)")]
    [InlineData("Huber(Delta = 0.4)", "y.Huber(t, 0.4)", "Target(3)")]
    [InlineData("BinaryCrossEntropy(LabelSmoothing = 0.1)", "y.BinaryCrossEntropy(t, labelSmoothing: 0.1)", "Target(3)")]
    [InlineData("SoftmaxCrossEntropy", "y.SoftmaxCrossEntropy(t)", "Label(3)")]
    [InlineData("SoftmaxCrossEntropy(Ignore = -100)", "y.SoftmaxCrossEntropy(t)", "Label(3, Ignore = -100)")]
    [InlineData("SoftmaxCrossEntropy(Ignore = 1)", "y.SoftmaxCrossEntropy(t).Sum()", "Label(3, Ignore = 1)")]
    [InlineData("SoftmaxCrossEntropy(SoftTargets = true, LabelSmoothing = 0.2)", "y.SoftmaxCrossEntropy(t, 0.2)", "Target(3)")]
    public void A_loss_as_a_method_is_the_loss_of_that_name(string attribute, string body, string target)
    {
        var list = Read.Model($"[Model, Input(4), Dense(3), {attribute}] partial class Net;");
        var method = Read.Model(
            $$"""[Model] partial class Net { static Tensor Forward([Input(4)] Tensor x) => x.Dense(3); [Loss] static Tensor L(Tensor output, [{{target}}] Tensor t) => {{body.Replace("y.", "output.", StringComparison.Ordinal)}}; }""");
        var (a, b) = (new ModelData(list, 5), new ModelData(method, 5));
        Assert.Equal(a.Interpreter().Run(list.Train!, RootKind.Loss)[0], b.Interpreter().Run(method.Train!, RootKind.Loss)[0], 12);
        Assert.Equal(a.Interpreter().Run(list.Infer!, RootKind.OutputActivation), b.Interpreter().Run(method.Infer!, RootKind.OutputActivation));
        GradientCheck.Run(method);
    }

    [Theory]
    [InlineData("=> y.BinaryCrossEntropy(1);")]
    [InlineData("=> x.Dense(3).Square() + y.Sum();")]
    [InlineData("=> (y - Forward(x * 2)).Square().Mean();")]
    [InlineData("=> Tensor.Gradient(y, x).Square();")]
    [InlineData("=> (Tensor.Gradient(Tensor.Gradient(y, x), x) + y.Sum()).Square().Sum();")]
    [InlineData("{ var u = Forward(Tensor.Concat(x[..2], x[2..].Tanh())); return (Tensor.Gradient(u.Sum(), u) - u).Square(); }")]
    public void Gradients(string body)
    {
        var model = Read.Model(
            $$"""
            [Model] partial class Net
            {
                static Tensor Forward([Input(4)] Tensor x) => x.Dense(5).Tanh().Dense(2).Tanh();
                [Loss] static Tensor L(Tensor x, Tensor output) => After(x, output);
                static Tensor After(Tensor x, Tensor y) {{body}}
            }
            """);
        Assert.Equal(["dense1.weight [5, 4]", "dense1.bias [5]", "dense2.weight [2, 5]", "dense2.bias [2]"], model.Weights().Take(4));
        GradientCheck.Run(model);
    }

    [Fact]
    public void Nothing_before_a_stopped_gradient_is_trained_through_it()
    {
        const string Start = "[Model] partial class Net { static Tensor Forward([Input(4)] Tensor x) => x.Dense(3, name: \"a\").Tanh(); [Loss] static Tensor L(Tensor x, Tensor output) => ";
        var stopped = Read.Model(Start + "(output * Forward(x + 1).StopGradient()).Square(); }");
        var free = Read.Model(Start + "(output * Forward(x + 1)).Square(); }");
        double[] Gradient(ModelDsl.Generator.Layers.LoweredModel model)
        {
            var graph = ModelDsl.Generator.Autodiff.Differentiation.Differentiate(model.Train!, model.Parameters);
            return new ModelData(model, 3).Interpreter().Run(graph, RootKind.Gradient, "a.weight");
        }

        // Of f(w)·g with g = f(w) the derivative has two halves, and they differ, since the inputs do.
        var (half, whole) = (Gradient(stopped), Gradient(free));
        Assert.All(half.Zip(whole), pair => Assert.True(Math.Abs(pair.First - pair.Second) > 1e-6));
        Assert.All(half, value => Assert.NotEqual(0, value));
    }

    [Fact]
    public void Two_losses_train_a_part_each()
    {
        var model = Read.Model(
            """
            [Block, Dense(4), Tanh, Dense(3)] partial class Maker;
            [Block, Dense(5), Relu, Dense(1)] partial class Judge;
            [Model] partial class Net
            {
                private readonly Maker _maker = new();
                private readonly Judge judge = new();
                private Tensor Forward([Input(2)] Tensor noise) => noise.Apply(_maker);
                [Loss(Trains = nameof(judge))] private Tensor JudgeLoss(Tensor noise, [Input(3)] Tensor real) =>
                    real.Apply(judge).BinaryCrossEntropy(1) + noise.Apply(_maker).Apply(judge).BinaryCrossEntropy(0);
                [Loss(Trains = nameof(_maker))] private Tensor MakerLoss(Tensor noise) => noise.Apply(_maker).Apply(judge).BinaryCrossEntropy(1);
            }
            """);
        Assert.Equal(["JudgeLoss judge Judge", "MakerLoss maker Maker"], model.Losses.Select(loss => $"{loss.Name} {loss.Part} {loss.Member}"));
        Assert.Equal(["judge.dense1.weight", "judge.dense1.bias", "judge.dense2.weight", "judge.dense2.bias"], model.TrainedBy(model.Losses[0]).Select(parameter => parameter.Name));
        Assert.Equal(["real"], model.Targets.Select(column => column.Node.Name));
        Assert.Equal(["Output output", "OutputActivation output", "Loss JudgeLoss", "Loss MakerLoss"], model.Infer!.Roots.Select(root => $"{root.Kind} {root.Name}"));
        foreach (var loss in model.Losses) GradientCheck.Run(model with { Train = loss.Graph, Parameters = model.TrainedBy(loss) }, allParameters: model.Parameters);
    }

    [Fact]
    public void A_block_of_two_tensors()
    {
        var model = Read.Model(
            """
            [Block] partial class Film
            {
                [Weight(3, Init = Init.Ones)] private static partial Tensor Scale { get; }
                private static Tensor Forward(Tensor x, Tensor condition) => (x * Scale * condition.Dense(3)) + condition.Dense(3);
            }
            [Model, MeanSquaredError] partial class Net
            {
                private static Tensor Forward([Input(4)] Tensor x, [Input(2)] Tensor condition) => x.Dense(3).Apply(new Film(), condition, name: "film").Dense(2);
            }
            """);
        Assert.Equal(["dense1.weight [3, 4]", "dense1.bias [3]", "film.scale [3]", "film.dense1.weight [3, 2]"], model.Weights().Take(4));
        GradientCheck.Run(model);
    }

    [Theory]
    [InlineData("private static Tensor Forward({|MDSL0056:Tensor x|}, [Input(3)] Tensor y) => x + y;", "MeanSquaredError")]
    [InlineData("private static (Tensor a, Tensor b) Forward([Input(3)] Tensor x) => (x, x);", "{|MDSL0058:MeanSquaredError|}")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor {|MDSL0060:L|}(int y) => null!;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static float {|MDSL0060:L|}(Tensor y) => 1;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss(nameof(L))] static Tensor {|MDSL0060:L|}(Tensor y) => y;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L({|MDSL0061:Tensor y|}) => y;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x) => x;", "{|MDSL0025:MeanSquaredError|}")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor {|MDSL0062:L|}(Tensor x) => x; [Loss] static Tensor {|MDSL0062:M|}(Tensor x) => x;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss(Trains = \"nothing\")] static Tensor {|MDSL0062:L|}(Tensor x) => x;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x, [{|MDSL0010:Target(0)|}] Tensor t) => x;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x, [Target(2)] Tensor t) => x.{|MDSL0052:MeanSquaredError(t)|};", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x) => x.{|MDSL0010:BinaryCrossEntropy(5)|};", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x, [Label(4)] Tensor t) => x.{|MDSL0052:SoftmaxCrossEntropy(t)|};", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x, [Label(3)] Tensor t) => {|MDSL0011:x.Dense(3) * t|};", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x, [{|MDSL0010:Label(3, Ignore = 99999999)|}] Tensor t) => x;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x, [Label(3, Length = 2, Ignore = -1)] Tensor t) => t.{|MDSL0011:Embedding(3)|};", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x.Dense(3); ", "SoftmaxCrossEntropy(SoftTargets = true, Ignore = {|MDSL0010:-1|})")]
    [InlineData("private static Tensor Forward([{|MDSL0010:TokenInput(3, 5, Padding = 5)|}] Tensor x) => x.Embedding(3);", "MeanSquaredError")]
    [InlineData("private static Tensor Forward([TokenInput(3, 5, Padding = 0)] Tensor x) => x.Embedding(3).{|MDSL0011:MaxPool1D(2)|};", "MeanSquaredError")]
    [InlineData("[{|MDSL0011:Weight(3)|}] static partial Tensor W { get; } private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x) => W;", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x; [Loss] static Tensor L(Tensor x, [Target(3)] Tensor t) => Tensor.{|MDSL0011:Gradient(x, t)|};", "")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x.Apply({|MDSL0057:new Two()|});", "MeanSquaredError")]
    [InlineData("private static Tensor Forward([Input(3)] Tensor x) => x.Apply({|MDSL0057:new One()|}, x);", "MeanSquaredError")]
    public Task Mistakes(string members, string loss) => Expect.Diagnostics(
        "[Block] partial class Two { Tensor Forward(Tensor a, Tensor b) => a + b; } [Block, Relu] partial class One; "
        + $"[Model{(loss.Length > 0 ? ", " + loss : "")}] partial class Net {{ {members} }}");

    [Fact]
    public Task Losses_belong_to_models_with_a_Forward() => Expect.Diagnostics(
        """
        [Model, Input(3), MeanSquaredError] partial class List { [Loss] static Tensor {|MDSL0060:L|}(Tensor x) => x; }
        [Block] partial class B { Tensor Forward(Tensor x) => x; [Loss] static Tensor {|MDSL0026:L|}(Tensor x) => x; }
        """);
}
