using ModelDsl.Compiled;

namespace ModelDsl.Benchmarks.Kernels;

/// <summary>Batches that depend only on a seed.</summary>
internal static class RandomBatch
{
    /// <summary>Returns a batch with the inputs and targets of a model: integers within their bounds, floats between 0 and 1.</summary>
    public static Batch Of(ModelDescription description, int samples, int seed)
    {
        var random = new Random(seed);
        ColumnDescription[] columns = [.. description.Inputs, .. description.Targets];
        var batch = new Batch(columns, samples) { Count = samples };
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Type == ColumnType.Float)
            {
                foreach (ref var value in batch.Floats(i))
                    value = random.NextSingle();
            }
            else
            {
                foreach (ref var id in batch.Ints(i))
                    id = random.Next(columns[i].Bound);
            }
        }

        return batch;
    }
}
