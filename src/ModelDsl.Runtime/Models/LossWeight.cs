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
        if (model.Losses.Length > 0)
            return batch.Count;
        var (target, weight) = Columns(model);
        var weights = weight < 0 ? default : batch.Floats(weight);
        if (model.Comparisons.Length <= 1 && target >= 0 && model.Targets[target] is { Type: ColumnType.Int } label
            && (label.Ignored is not null || label.Padding is not null || label.ClassWeights.Length > 0))
        {
            return OfLabels(label, batch.Ints(model.Inputs.Length + target), batch, weights);
        }

        if (weight < 0)
            return batch.Count;
        var sum = 0.0;
        foreach (var value in weights)
            sum += value;
        return sum;
    }

    /// <summary>Returns the index of the only target, or -1 if there are none or several, and the column of the weights of samples, or -1.</summary>
    private static (int Target, int Weight) Columns(ModelDescription model)
    {
        var (target, targets, weight) = (-1, 0, -1);
        for (var i = 0; i < model.Inputs.Length; i++)
        {
            if (model.Inputs[i].IsWeight)
                weight = i;
        }

        for (var i = 0; i < model.Targets.Length; i++)
        {
            if (model.Targets[i].IsWeight)
                weight = model.Inputs.Length + i;
            else
                (target, targets) = (i, targets + 1);
        }

        return (targets == 1 ? target : -1, weight);
    }

    private static double OfLabels(ColumnDescription label, ReadOnlySpan<int> labels, Batch batch, ReadOnlySpan<float> weights)
    {
        var tokens = label.Padding is { } padding ? batch.Ints(padding.Input) : default;
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == label.Ignored || (!tokens.IsEmpty && tokens[i] == label.Padding!.Token))
                continue;

            // A weight is that of a sample, or of a position.
            var weight = weights.IsEmpty ? 1 : weights[(int)((long)i * weights.Length / labels.Length)];
            sum += (label.ClassWeights.Length > 0 ? label.ClassWeights[labels[i]] : 1.0) * weight;
        }

        return sum;
    }
}
