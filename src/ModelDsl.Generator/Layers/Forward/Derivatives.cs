using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Derivatives as part of a network.</summary>
internal static class Derivatives
{
    /// <summary>Returns the derivative of the sum of a value with respect to another; null after reporting. It consists of ordinary nodes, so it can be trained through.</summary>
    public static LayerValue? Gradient(LayerScope scope, LayerValue of, LayerValue by)
    {
        if (!TensorFunctions.AreNumbers(scope, of) || !TensorFunctions.AreNumbers(scope, by)) return null;
        if (!ModelGraph.Sort([of.Node]).Contains(by.Node))
        {
            return scope.NotAccepted($"a value that is computed from '{by.Producer}'", $"'{of.Producer}' does not depend on it, so the derivative would be 0");
        }

        var gradient = Differentiation.Gradients(of.Node, [by.Node])[0];
        return (by with { Node = gradient }).After(scope.Path, scope.Call.Site);
    }
}
