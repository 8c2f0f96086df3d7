using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Demand;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Simplify;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Holds a model's gradients to finite differences of its forward graph, before and after every pass.</summary>
internal static class GradientCheck
{
    public static void Run(LoweredModel model, int n = 3, int seed = 1)
    {
        Assert.Empty(model.Problems);
        var data = new ModelData(model, n, seed);
        var loss = model.Train!.Roots.Single(root => root.Kind == RootKind.Loss).Value;
        var plain = Differentiation.Differentiate(model.Train, model.Parameters);
        var finished = Simplifier.AfterGradients(
            Differentiation.Differentiate(Simplifier.BeforeGradients(DemandPass.Run(model.Train)), model.Parameters));
        foreach (var root in plain.Roots)
        {
            var what = $"{root.Kind} {root.Name}";
            var expected = root.Kind == RootKind.Gradient
                ? FiniteDifferences.Gradient(loss, data.Parameters[root.Name], data.Interpreter)
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
