using System.Globalization;
using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.RegionAnalysis;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Random models through lowering, differentiation and simplification.</summary>
public class RandomModelTests
{
    public static TheoryData<int> Shares => ModelCorpus.ShareIndices;

    /// <summary>Models with a mistake are made as many as there are valid ones, in ten parts.</summary>
    public static TheoryData<int> Tens => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(Shares))]
    public void Passes_change_no_result_and_gradients_are_slopes(int share) => ModelCorpus.Check(ModelCorpus.Share(share), model => CheckValid(model.Lowered, model.Seed));

    [Theory]
    [MemberData(nameof(Tens))]
    public void Wrong_models_have_one_problem_each(int ten)
    {
        for (var i = 0; i < 30; i++)
        {
            HasOneProblem(WrongModels.Next((30 * ten) + i));
        }
    }

    [Fact]
    public void Wrong_recurrences_have_one_problem_each()
    {
        for (var seed = 0; seed < 70; seed++) HasOneProblem(WrongModels.NextRecurrent(seed));
    }

    private static void HasOneProblem((SpecBuilder Model, string Id) wrong)
    {
        var problems = wrong.Model.Lower().Problems;
        Assert.True(problems.Count == 1 && problems[0].Id == wrong.Id, $"{wrong.Id} expected: {string.Join(", ", problems)}\n{wrong.Model.Source}");
        var message = string.Format(
            CultureInfo.InvariantCulture, Descriptors.Find(wrong.Id).MessageFormat.ToString(CultureInfo.InvariantCulture), [.. problems[0].Arguments]);
        Assert.DoesNotContain("-1", message.Replace("is -1;", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_of_a_model_is_read_as_its_spec()
    {
        var models = ModelCorpus.Tried.Where(model => model.Form is not (ModelForm.Forward or ModelForm.Scan)).ToList();
        var compilation = TestCompilation.Create(TestCompilation.WithoutWarnings, [.. models.Select(model => model.Source)]);
        ModelCorpus.Check(models, model =>
        {
            var read = Lowering.Lower(ModelParser.ReadModel(compilation.GetTypeByMetadataName(model.Key)!, compilation, CancellationToken.None));
            Assert.Empty(read.Problems);
            Assert.Equal(Printer.Print(model.Lowered.Train!), Printer.Print(read.Train!));
        });
    }

    private static void CheckValid(LoweredModel model, int seed)
    {
        Assert.Empty(model.Problems);
        var n = Math.Max((seed % 3) + 1, model.NeedsTwoSamples is null ? 1 : 2);
        var data = new ModelData(model, n, seed);
        foreach (var loss in model.Losses) CheckTraining(loss.Graph, model.TrainedBy(loss), data, loss.Name, seed);

        var infer = data.Interpreter();
        var inferSimple = data.Interpreter();
        var inferGraph = Simplifier.AfterGradients(Simplifier.BeforeGradients(model.Infer!));
        foreach (var root in model.Infer!.Roots)
        {
            FiniteDifferences.AssertClose(infer.Run(root.Value), inferSimple.Run(inferGraph, root.Kind, root.Name), $"{root.Kind} {root.Name}", 1e-9);
        }
    }

    /// <summary>The passes change no root, and the gradients are those of the parameters that the loss trains, and right.</summary>
    private static void CheckTraining(ModelGraph forward, IReadOnlyList<ParameterNode> trained, ModelData data, string what, int seed)
    {
        var plain = Differentiation.Differentiate(forward, trained);
        var simple = Simplifier.AfterGradients(Differentiation.Differentiate(Simplifier.BeforeGradients(RegionPass.Run(forward)), trained));
        var (expected, actual) = (data.Interpreter(), data.Interpreter());
        foreach (var root in plain.Roots)
        {
            FiniteDifferences.AssertClose(expected.Run(root.Value), actual.Run(simple, root.Kind, root.Name), $"{what}, {root.Kind} {root.Name}", 1e-9);
        }

        var slope = Slope(forward, plain, data, seed, expected);
        Assert.True(slope is null, $"{what}: {slope}");
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
