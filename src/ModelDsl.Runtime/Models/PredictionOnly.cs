using ModelDsl.Compiled;

namespace ModelDsl.Models;

/// <summary>Rejects training, and everything else that needs a loss, for models for prediction only.</summary>
internal static class PredictionOnly
{
    /// <summary>Checks that a model has a loss.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">The model is for prediction only.</exception>
    public static void Reject(ModelDescription model)
    {
        if (model.IsPredictionOnly)
            throw Rejected(model);
    }

    /// <summary>Returns the error for a model for prediction only.</summary>
    /// <param name="model">The model.</param>
    public static InvalidOperationException Rejected(ModelDescription model) => new(
        $"{model.Name} is for prediction only: it has no loss and no training step. To train or evaluate it, remove PredictionOnly from its [Model] and declare a loss.");
}
