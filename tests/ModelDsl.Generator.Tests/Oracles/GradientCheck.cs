using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Recompute;
using ModelDsl.Generator.RegionAnalysis;
using ModelDsl.Generator.Simplify;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Holds a model's gradients to finite differences of its forward graph, before and after every pass.</summary>
internal static class GradientCheck
{
    /// <param name="model">The model.</param>
    /// <param name="n">The number of samples.</param>
    /// <param name="seed">Decides the data.</param>
    /// <param name="allParameters">All parameters of a model whose loss trains a part only.</param>
    public static void Run(LoweredModel model, int n = 3, int seed = 1, IReadOnlyList<ParameterNode>? allParameters = null)
    {
        Assert.Empty(model.Problems);
        var data = new ModelData(model with { Parameters = allParameters ?? model.Parameters }, n, seed);
        var loss = model.Train!.Roots.Single(root => root.Kind == RootKind.Loss).Value;
        var plain = RecomputedBlock.WithoutMarks(Differentiation.Differentiate(model.Train, model.Parameters));
        var finished = BlockRecomputation.Run(Simplifier.AfterGradients(
            Differentiation.Differentiate(Simplifier.BeforeGradients(RegionPass.Run(model.Train)), model.Parameters)));
        var stopped = new Dictionary<Node, double[]>();
        data.Interpreter(stopped).Run(loss);
        foreach (var root in plain.Roots)
        {
            var what = $"{root.Kind} {root.Name}";
            var expected = root.Kind == RootKind.Gradient
                ? FiniteDifferences.Gradient(loss, root.Name, data.Interpreter(stopped))
                : data.Interpreter().Run(root.Value);
            FiniteDifferences.AssertClose(expected, data.Interpreter().Run(root.Value), what);
            FiniteDifferences.AssertClose(expected, data.Interpreter().Run(finished, root.Kind, root.Name), what + ", simplified");
        }

        var infer = Simplifier.AfterGradients(Simplifier.BeforeGradients(model.Infer!));
        foreach (var root in model.Infer!.Roots)
        {
            FiniteDifferences.AssertClose(
                data.Interpreter().Run(root.Value), data.Interpreter().Run(infer, root.Kind, root.Name), $"infer {root.Kind}", 1e-12);
        }
    }
}
