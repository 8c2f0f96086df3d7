using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Random numbers in a Forward method.</summary>
internal static class Noise
{
    /// <summary>
    /// Independent normal numbers (Box and Muller, 1958): <c>√(−2·ln(1 − u))·cos(2π·v)</c> of two uniform numbers in [0, 1). In inference there is no
    /// noise: a prediction depends only on its sample.
    /// </summary>
    public static LayerValue? Normal(LayerScope scope, LayerValue like)
    {
        if (!TensorFunctions.AreNumbers(scope, like)) return null;
        if (!scope.Training)
        {
            return scope.Report(Problem.At(
                Descriptors.BuildTimeValue.Id,
                scope.Call.Site,
                "noise is drawn in training only, so that a prediction depends on its sample alone; write 'training ? … : …' with 'bool training' as a parameter"));
        }

        if (!like.Shape.HasBatch) return scope.NotAccepted("a value of each sample, [N, …]", "");
        var body = Multiply(
            Sqrt(Multiply(Const(-2), Log(Subtract(One, Input(0))))),
            Cos(Multiply(Const(2 * Math.PI), Input(1))));
        var node = GraphBuilder.Pointwise(scope.NodeName, body, scope.Random(like.Shape), scope.Random(like.Shape));
        return (like with { Node = node }).After(scope.Path, scope.Call.Site);
    }
}
