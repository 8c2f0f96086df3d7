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

    private static void CheckValid(SpecBuilder spec, int seed)
    {
        var model = spec.Lower();
        Assert.True(model.Problems.Count == 0, $"{string.Join(", ", model.Problems)}\n{spec.Source}");
        var n = Math.Max((seed % 3) + 1, model.NeedsTwoSamples is null ? 1 : 2);
        var data = new ModelData(model, n, seed);
        var plain = Differentiation.Differentiate(model.Train!, model.Parameters);
        var simple = Simplifier.AfterGradients(
            Differentiation.Differentiate(Simplifier.BeforeGradients(DemandPass.Run(model.Train!)), model.Parameters));
        var (expected, actual) = (data.Interpreter(), data.Interpreter());
        foreach (var root in plain.Roots)
        {
            FiniteDifferences.AssertClose(expected.Run(root.Value), actual.Run(simple, root.Kind, root.Name), $"seed {seed}, {root.Kind} {root.Name}", 1e-9);
        }

        var infer = data.Interpreter();
        var inferSimple = data.Interpreter();
        var inferGraph = Simplifier.AfterGradients(Simplifier.BeforeGradients(model.Infer!));
        foreach (var root in model.Infer!.Roots)
        {
            FiniteDifferences.AssertClose(infer.Run(root.Value), inferSimple.Run(inferGraph, root.Kind, root.Name), $"seed {seed}, {root.Kind}", 1e-9);
        }

        CheckSlope(model.Train!, plain, data, seed, expected);
    }

    /// <summary>The loss along a random direction through all parameters, against the sum of gradient times direction.</summary>
    private static void CheckSlope(ModelGraph forward, ModelGraph gradients, ModelData data, int seed, GraphInterpreter run)
    {
        const double Step = 1e-6;
        var random = new Random(seed);
        var roots = gradients.Roots.Where(root => root.Kind == RootKind.Gradient).ToList();
        var direction = roots.ToDictionary(root => root.Name, root => data.Parameters[root.Name].Select(_ => random.NextDouble() - 0.5).ToArray());
        var slope = roots.Sum(root => run.Run(root.Value).Zip(direction[root.Name], (gradient, step) => gradient * step).Sum());

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
            var loss = data.Interpreter().Run(forward, RootKind.Loss)[0];
            Move(-distance);
            return loss;
        }

        var (above, below) = (Loss(Step), Loss(-Step));
        var expected = (above - below) / (2 * Step);
        var kink = Math.Abs(above + below - (2 * Loss(0))) / Step;
        Assert.True(
            Math.Abs(expected - slope) <= (1e-4 * (1 + Math.Abs(expected))) + kink, $"seed {seed}: the slope is {expected:R}, the gradient says {slope:R}");
    }
}
