using ModelDsl.Compiled;

namespace ModelDsl.Models;

/// <summary>What the mean loss of a batch counts for in a mean over several batches.</summary>
internal static class LossWeight
{
    /// <summary>
    /// Returns the number of samples. For a model with a single loss it is the sum of the weights of samples and classes, and labels that are not counted, because they are ignored or
    /// padding, have no weight.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    public static double Of(ModelDescription model, Batch batch)
    {
        if (model.Targets.Length == 0 || model.Comparisons.Length > 1 || model.Losses.Length > 0)
            return batch.Count;
        var last = model.Targets.Length - 1;
        var weights = model.Targets[last].IsWeight ? batch.Floats(model.Inputs.Length + last) : default;
        var label = model.Targets[0];
        if (label.Type == ColumnType.Int && model.Targets.Length == (weights.IsEmpty ? 1 : 2) && (label.Ignored is not null || label.Padding is not null || label.ClassWeights.Length > 0))
            return OfLabels(label, model, batch, weights);
        if (weights.IsEmpty)
            return batch.Count;
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        return sum;
    }

    private static double OfLabels(ColumnDescription label, ModelDescription model, Batch batch, ReadOnlySpan<float> weights)
    {
        var labels = batch.Ints(model.Inputs.Length);
        var tokens = label.Padding is { } padding ? batch.Ints(padding.Input) : default;
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == label.Ignored || (!tokens.IsEmpty && tokens[i] == label.Padding!.Token))
                continue;
            sum += (label.ClassWeights.Length > 0 ? label.ClassWeights[labels[i]] : 1.0) * (weights.IsEmpty ? 1 : weights[i / label.Length]);
        }

        return sum;
    }
}
