using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>Batches of numbers that depend on nothing but a seed.</summary>
internal static class Samples
{
    public static Batch Of(ModelDescription description, int count, int seed)
    {
        var random = new Random(seed);
        ColumnDescription[] columns = [.. description.Inputs, .. description.Targets];
        var batch = new Batch(columns, count) { Count = count };
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Type == ColumnType.Int)
            {
                foreach (ref var value in batch.Ints(i))
                    value = random.Next(columns[i].Bound);
            }
            else
            {
                foreach (ref var value in batch.Floats(i))
                    value = description.Loss == LossKind.Binary && i > 0 ? random.Next(2) : (float)((random.NextDouble() * 2) - 1);
            }
        }

        return batch;
    }
}
