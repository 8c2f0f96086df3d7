using ModelDsl.Compiled;

namespace ModelDsl.Models;

/// <summary>What the mean loss of a batch counts for in a mean over several batches.</summary>
internal static class LossWeight
{
    /// <summary>
    /// Returns the number of samples; for a model with a single loss over labels of which some are not counted, because they are ignored or padding, the number of
    /// labels that count.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    public static int Of(ModelDescription model, Batch batch)
    {
        if (model.Targets is not [{ Type: ColumnType.Int } label] || (label.Ignored is null && label.Padding is null) || model.Comparisons.Length > 1 || model.Losses.Length > 0)
            return batch.Count;
        var labels = batch.Ints(model.Inputs.Length);
        var tokens = label.Padding is { } padding ? batch.Ints(padding.Input) : default;
        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] != label.Ignored && (tokens.IsEmpty || tokens[i] != label.Padding!.Token))
                count++;
        }

        return count;
    }
}
