namespace ModelDsl.Distributed;

/// <summary>Replaces the gradients and states of a model by their mean over the ranks, for training loops outside <see cref="Trainer"/>.</summary>
internal sealed class ModelReduction
{
    private readonly Model model;
    private readonly Collective group;
    private readonly ModelVector vector;
    private readonly float[] sum;

    /// <summary>Allocates the memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">The group.</param>
    public ModelReduction(Model model, Collective group)
    {
        ModelVector.Check(model);
        (this.model, this.group) = (model, group);
        vector = new ModelVector(model);
        sum = new float[vector.Length];
    }

    /// <summary>Runs the reduction.</summary>
    public void Run()
    {
        var weight = model.BeginReduction();
        vector.SetGradients(sum, (float)weight);
        vector.SetStates(sum);
        var total = 0.0;
        foreach (var bytes in group.Gather(BitConverter.GetBytes(weight), rootMayPause: false))
            total += BitConverter.ToDouble(bytes);
        group.Tree.Sum(sum, group.Timeout);
        vector.WriteGradients(sum, total);
        vector.WriteStates(sum, group.Count);
    }
}
