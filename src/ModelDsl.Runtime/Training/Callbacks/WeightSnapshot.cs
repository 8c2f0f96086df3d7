namespace ModelDsl;

/// <summary>A copy of all parameters and states of a model, made again in the same memory.</summary>
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
