namespace ModelDsl;

/// <summary>A copy of all parameters and states of a model, in memory that is reused for each copy.</summary>
internal sealed class WeightSnapshot
{
    private readonly float[][] values;

    public WeightSnapshot(Model model)
        : this([.. model.Tensors.Select(static tensor => new float[tensor.Count])])
    {
    }

    private WeightSnapshot(float[][] values) => this.values = values;

    /// <summary>Reads the copy in a checkpoint; null if there is none.</summary>
    public static WeightSnapshot? Restore(CheckpointReader reader)
    {
        var values = ReadAll(reader, "weights");
        return values.Length == 0 ? null : new WeightSnapshot(values);
    }

    /// <summary>Writes arrays to a checkpoint.</summary>
    public static void WriteAll(CheckpointWriter writer, string name, float[][] values)
    {
        for (var i = 0; i < values.Length; i++)
            writer.Write(FormattableString.Invariant($"{name}{i}"), values[i]);
    }

    /// <summary>Reads arrays from a checkpoint; none if there are none.</summary>
    public static float[][] ReadAll(CheckpointReader reader, string name)
    {
        var values = new List<float[]>();
        while (FormattableString.Invariant($"{name}{values.Count}") is var next && reader.Contains(next))
            values.Add(reader.GetSingles(next));
        return [.. values];
    }

    public void Save(CheckpointWriter writer) => WriteAll(writer, "weights", values);

    public void Take(Model model)
    {
        var i = 0;
        foreach (var tensor in model.Tensors)
            tensor.CopyTo(values[i++]);
    }

    public void Restore(Model model)
    {
        var i = 0;
        foreach (var tensor in model.Tensors)
            tensor.CopyFrom(values[i++]);
    }
}
