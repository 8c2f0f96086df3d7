using ModelDsl.Compiled;

namespace ModelDsl.Distributed.Tests.Support;

/// <summary>Random data for models.</summary>
internal static class Samples
{
    /// <summary>Returns samples with the columns of a model: numbers from 0 to 1, and any ids.</summary>
    public static Dataset For(Model model, int count, int seed = 1) => Of([.. model.Description.Inputs, .. model.Description.Targets], count, seed);

    /// <summary>Returns pictures with labels.</summary>
    public static Dataset Pictures(int count, int seed = 1)
    {
        var random = new Random(seed);
        var (pixels, labels) = (new float[count * 36], new int[count]);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = random.NextSingle() - 0.5f;
        for (var i = 0; i < count; i++)
            labels[i] = random.Next(Runtime.Tests.Runs.ResumedNet.Classes);
        return Dataset.FromColumns(DataColumn.Floats("input", pixels, 6, 6, 1), DataColumn.Ints("label", labels));
    }

    private static Dataset Of(ColumnDescription[] columns, int count, int seed)
    {
        var random = new Random(seed);
        return Dataset.FromColumns([.. columns.Select(column => column.Type == ColumnType.Float
            ? DataColumn.Floats(column.Name, Enumerable.Range(0, count * column.Length).Select(_ => random.NextSingle()).ToArray(), [.. column.Shape])
            : DataColumn.Ints(column.Name, Enumerable.Range(0, count * column.Length).Select(_ => random.Next(column.Bound)).ToArray(), [.. column.Shape]))]);
    }
}
