namespace ModelDsl;

/// <summary>A copy of all parameters of a model, made again in the same memory.</summary>
internal sealed class WeightSnapshot(Model model)
{
    private readonly float[][] values = [.. model.Parameters.Select(parameter => new float[parameter.Count])];

    public void Take(Model model)
    {
        var i = 0;
        foreach (var parameter in model.Parameters)
            parameter.CopyTo(values[i++]);
    }

    public void Restore(Model model)
    {
        var i = 0;
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(values[i++]);
    }
}
