using ModelDsl.Compiled;

namespace ModelDsl.Benchmarks.Kernels;

/// <summary>Random samples that suit a model.</summary>
internal static class RandomBatch
{
    public static Batch For(Model model, int samples)
    {
        var random = new Random(1);
        ColumnDescription[] columns = [.. model.Description.Inputs, .. model.Description.Targets];
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
