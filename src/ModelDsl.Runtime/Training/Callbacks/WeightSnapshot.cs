namespace ModelDsl;

/// <summary>A copy of all parameters and states of a model, in memory that is reused for each copy.</summary>
internal sealed class WeightSnapshot(Model model)
{
    private readonly float[][] values = [.. model.Tensors.Select(tensor => new float[tensor.Count])];

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
