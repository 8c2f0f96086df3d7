using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>Detects an activation right before a loss that works on logits: the shapes fit, but the model trains badly.</summary>
internal static class LogitRules
{
    /// <summary>Reports an activation before a loss that should not be there.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="outputActivation">The activation that the loss applies itself.</param>
    /// <param name="scope">The scope of the loss.</param>
    /// <param name="output">The output.</param>
    public static void Check(LayerCall loss, string outputActivation, LayerScope scope, LayerValue output)
    {
        // A change of shape does not change the values.
        var step = output.Trail?.Back.FirstOrDefault(step => step.Call?.Kind is not ("Flatten" or "Reshape"));
        if (step?.Call is not { } before || Harm(before.Kind, outputActivation) is not { } harm) return;
        scope.State.Doubt(Problem.At(Descriptors.ActivationOfLogits.Id, step.Site, loss.Kind, outputActivation.ToLowerInvariant(), harm, before.Written)
            .With(loss.Site).Suggest(Repair.Remove(step.Site, $"[{before.Kind}]")));
    }

    /// <summary>Returns the effect of an activation on logits; null if it does no harm. Activations without bounds may be intended.</summary>
    private static string? Harm(string activation, string outputActivation) => activation switch
    {
        _ when activation == outputActivation => "so applying it before as well flattens the gradient",
        _ when outputActivation is not ("Softmax" or "Sigmoid") => null,
        "Softmax" or "Sigmoid" => "but of logits from 0 to 1 no probability comes near 0 or 1",
        "Tanh" => "but of logits from -1 to 1 no probability comes near 0 or 1",
        "Relu" => "but a logit that cannot be below 0 learns nothing where it is 0",
        _ => null,
    };
}
