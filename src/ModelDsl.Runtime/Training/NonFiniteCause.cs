using ModelDsl.Compiled;
using ModelDsl.Parameters;

namespace ModelDsl.Training;

/// <summary>Finds the cause of a loss that is infinite or NaN.</summary>
internal static class NonFiniteCause
{
    /// <summary>Returns a sentence about the cause; null if none is found, so that the step itself must have left the range of floats.</summary>
    /// <param name="model">The model in the state before the step.</param>
    /// <param name="batch">The batch of the step.</param>
    public static string? Find(Model model, Batch batch)
    {
        for (var column = 0; column < batch.Columns.Count; column++)
        {
            var description = batch.Columns[column];
            if (description.Type != ColumnType.Float || FirstNonFinite.In(batch.Floats(column)) is var at && at < 0)
                continue;
            var position = description.Length == 1 ? "" : $", position {at % description.Length}";
            return $"The batch has {batch.Floats(column)[at]} in '{description.Name}', sample {at / description.Length}{position}.";
        }

        foreach (var tensor in model.Tensors)
        {
            if (tensor.HasNonFinite())
            {
                return $"'{tensor.Name}' has been infinite or NaN since an earlier step, whose loss was finite and whose gradients were not. "
                    + "Set ClipNorm of the optimizer: it stops such a step before it changes anything.";
            }
        }

        return null;
    }
}
