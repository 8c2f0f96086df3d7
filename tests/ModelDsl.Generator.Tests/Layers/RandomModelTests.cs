using System.Globalization;
using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Demand;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Random models through lowering, differentiation and simplification.</summary>
public class RandomModelTests
{
    public static TheoryData<int> Hundreds() => [.. Enumerable.Range(0, 30)];

    /// <summary>Ten models per seed: the passes change nothing, and the gradient is the slope of the loss.</summary>
    [Theory]
    [MemberData(nameof(Hundreds))]
    public void Valid_models(int seed)
    {
        for (var i = 0; i < 10; i++) CheckValid(RandomModels.Valid((10 * seed) + i), (10 * seed) + i);
    }

    /// <summary>The same for Forward methods, each loss by itself.</summary>
    [Theory]
    [MemberData(nameof(Hundreds))]
    public void Valid_forwards(int seed)
    {
        var models = Enumerable.Range(5 * seed, 5).Select(RandomForwards.Valid).ToList();
        var compilation = TestCompilation.Create(TestCompilation.WithoutWarnings, [.. models.Select(model => model.Source)]);
        for (var i = 0; i < models.Count; i++)
        {
            CheckValid(Lowering.Lower(ModelParser.ReadModel(compilation.GetTypeByMetadataName(models[i].Key)!, compilation, default)), models[i].Source, (5 * seed) + i);
        }
    }

    /// <summary>The same for models of images and sequences.</summary>
    [Theory]
    [MemberData(nameof(Hundreds))]
    public void Valid_images(int seed)
    {
        for (var i = 0; i < 5; i++) CheckValid(RandomImages.Valid((5 * seed) + i), (5 * seed) + i);
    }

    [Theory]
    [MemberData(nameof(Hundreds))]
    public void Wrong_models_have_one_problem_each(int seed)
    {
        for (var i = 0; i < 10; i++)
        {
            var (model, id) = WrongModels.Next((10 * seed) + i);
            var problems = model.Lower().Problems;
            Assert.True(problems.Count == 1 && problems[0].Id == id, $"{id} expected: {string.Join(", ", problems)}\n{model.Source}");
            var message = string.Format(
                CultureInfo.InvariantCulture, Descriptors.Find(id).MessageFormat.ToString(CultureInfo.InvariantCulture), [.. problems[0].Arguments]);
            Assert.DoesNotContain("-1", message.Replace("is -1;", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_source_of_a_model_is_read_as_its_spec()
    {
        var models = Enumerable.Range(0, 100).Select(RandomModels.Valid).Concat(Enumerable.Range(0, 50).Select(RandomImages.Valid)).ToList();
        var compilation = TestCompilation.Create([.. models.Select(model => model.Source)]);
        foreach (var model in models)
        {
            var read = ModelParser.ReadModel(compilation.GetTypeByMetadataName(model.Key)!, compilation, CancellationToken.None);
            var lowered = Lowering.Lower(read);
            Assert.True(lowered.Problems.Count == 0, $"{string.Join(", ", lowered.Problems)}\n{model.Source}");
            Assert.Equal(Printer.Print(model.Lower().Train!), Printer.Print(lowered.Train!));
        }
    }

    private static void CheckValid(SpecBuilder spec, int seed) => CheckValid(spec.Lower(), spec.Source, seed);

    private static void CheckValid(LoweredModel model, string source, int seed)
    {
        Assert.True(model.Problems.Count == 0, $"{string.Join(", ", model.Problems)}\n{source}");
        var n = Math.Max((seed % 3) + 1, model.NeedsTwoSamples is null ? 1 : 2);
        var data = new ModelData(model, n, seed);
        foreach (var loss in model.Losses) CheckTraining(loss.Graph, model.TrainedBy(loss), data, $"seed {seed}, {loss.Name}", seed, source);

        var infer = data.Interpreter();
        var inferSimple = data.Interpreter();
        var inferGraph = Simplifier.AfterGradients(Simplifier.BeforeGradients(model.Infer!));
        foreach (var root in model.Infer!.Roots)
        {
            FiniteDifferences.AssertClose(infer.Run(root.Value), inferSimple.Run(inferGraph, root.Kind, root.Name), $"seed {seed}, {root.Kind}", 1e-9);
        }
    }

    /// <summary>The passes change no root, and the gradients are those of the parameters that the loss trains, and right.</summary>
    private static void CheckTraining(ModelGraph forward, IReadOnlyList<ParameterNode> trained, ModelData data, string what, int seed, string source)
    {
        var plain = Differentiation.Differentiate(forward, trained);
        var simple = Simplifier.AfterGradients(Differentiation.Differentiate(Simplifier.BeforeGradients(DemandPass.Run(forward)), trained));
        var (expected, actual) = (data.Interpreter(), data.Interpreter());
        foreach (var root in plain.Roots)
        {
            FiniteDifferences.AssertClose(expected.Run(root.Value), actual.Run(simple, root.Kind, root.Name), $"{what}, {root.Kind} {root.Name}\n{source}\n", 1e-9);
        }

        var slope = Slope(forward, plain, data, seed, expected);
        Assert.True(slope is null, $"{what}: {slope}\n{source}");
    }

    /// <summary>The loss along a random direction through all parameters, against the sum of gradient times direction; what is wrong, if anything.</summary>
    private static string? Slope(ModelGraph forward, ModelGraph gradients, ModelData data, int seed, GraphInterpreter run)
    {
        const double Step = 1e-6;
        var random = new Random(seed);
        var roots = gradients.Roots.Where(root => root.Kind == RootKind.Gradient).ToList();
        var direction = roots.ToDictionary(root => root.Name, root => data.Parameters[root.Name].Select(_ => random.NextDouble() - 0.5).ToArray());
        var slope = roots.Sum(root => run.Run(root.Value).Zip(direction[root.Name], (gradient, step) => gradient * step).Sum());

        var stopped = new Dictionary<Node, double[]>();
        data.Interpreter(stopped).Run(forward, RootKind.Loss);

        double Loss(double distance)
        {
            void Move(double by)
            {
                foreach (var (name, steps) in direction)
                {
                    for (var i = 0; i < steps.Length; i++) data.Parameters[name][i] += by * steps[i];
                }
            }

            Move(distance);
            var loss = data.Interpreter(stopped).Run(forward, RootKind.Loss)[0];
            Move(-distance);
            return loss;
        }

        var (above, below) = (Loss(Step), Loss(-Step));
        var expected = (above - below) / (2 * Step);
        var kink = Math.Abs(above + below - (2 * Loss(0))) / Step;
        return Math.Abs(expected - slope) <= (1e-4 * (1 + Math.Abs(expected))) + kink ? null : $"the slope is {expected:R}, the gradient says {slope:R}";
    }
}
