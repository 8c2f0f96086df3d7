using ModelDsl.Compiled;

namespace ModelDsl.Onnx;

/// <summary>Finds the graph of a model that a file is written from.</summary>
internal static class GraphChoice
{
    /// <summary>Returns the graph that options ask for.</summary>
    /// <exception cref="ArgumentException">The loss is not named, or does not exist.</exception>
    /// <exception cref="InvalidOperationException">The model does not have such a graph.</exception>
    public static GraphDescription Of(ModelDescription model, OnnxExportOptions options)
    {
        if (model.Graph is not { } prediction)
            throw new InvalidOperationException($"The graph of {model.Name} was not compiled into it: reference the package ModelDsl.Onnx in the project that declares the model, and build it again.");
        if (options.Graph == OnnxExportGraph.Prediction)
            return prediction();
        if (model.IsPredictionOnly)
            throw new InvalidOperationException($"{model.Name} is a model for prediction only, which has no training graph: export it with Graph = OnnxExportGraph.Prediction.");
        if (model.TrainingGraphs.Length == 0)
            throw new InvalidOperationException($"The training graph of {model.Name} was not compiled into it: build the project that declares the model again with this version of ModelDsl.");
        return model.TrainingGraphs[Loss(model, options)]();
    }

    private static int Loss(ModelDescription model, OnnxExportOptions options)
    {
        if (model.Losses.Length == 0)
        {
            return options.Loss is null or "loss" ? 0
                : throw new ArgumentException($"{model.Name} has a single loss, but Loss is '{options.Loss}': leave Loss out.", nameof(options));
        }

        // A step for one of several losses computes what that loss needs only.
        var names = string.Join(", ", model.Losses.Select(loss => $"'{loss.Name}'"));
        if (options.Graph != OnnxExportGraph.TrainingWithLoss)
            throw new ArgumentException($"Each loss of {model.Name} has a training step of its own: set Graph to OnnxExportGraph.TrainingWithLoss, and Loss to one of {names}.", nameof(options));
        var index = Array.FindIndex(model.Losses, loss => loss.Name == options.Loss);
        if (options.Loss is null)
            throw new ArgumentException($"Loss is not set, but {model.Name} has several losses: set it to one of {names}.", nameof(options));
        return index >= 0 ? index : throw new ArgumentException($"Loss is '{options.Loss}', but the losses of {model.Name} are {names}.", nameof(options));
    }
}
