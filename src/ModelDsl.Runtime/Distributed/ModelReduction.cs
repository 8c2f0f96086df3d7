namespace ModelDsl.Distributed;

/// <summary>Replaces the gradients and states of a model by their mean over the ranks, for training loops outside <see cref="Trainer"/>.</summary>
internal sealed class ModelReduction
{
    private readonly Model model;
    private readonly Collective group;
    private readonly ModelVector vector;
    private readonly PartSums sums;
    private bool isCompared;

    /// <summary>Allocates the memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">The group.</param>
    public ModelReduction(Model model, Collective group)
    {
        ModelVector.Check(model);
        (this.model, this.group) = (model, group);
        vector = new ModelVector(model);
        sums = new PartSums(model);
    }

    /// <summary>Runs the reduction.</summary>
    public void Run()
    {
        var weight = model.BeginReduction();
        sums.Begin();
        sums.BeginMicroBatch(weight, isLast: true);
        sums.Add(0, sums.Gradients);
        sums.EndMicroBatch();
        var total = 0.0;
        foreach (var bytes in Gather(weight))
            total += BitConverter.ToDouble(bytes);
        group.Tree.Sum(sums.Total, group.Timeout);
        sums.WriteGradients(total);
        sums.WriteStates(group.Count);
    }

    /// <summary>Collects the weights of the ranks. The first time, checks that all ranks have the same parameters, which nobody sends them.</summary>
    private byte[][] Gather(double weight)
    {
        if (isCompared || group.Count == 1)
            return group.Gather(CollectiveCall.Reduce, BitConverter.GetBytes(weight));
        isCompared = true;
        var all = group.Gather(CollectiveCall.Reduce, [.. BitConverter.GetBytes(weight), .. vector.HashParameters()]);
        if (Array.FindIndex(all, bytes => !bytes.AsSpan(sizeof(double)).SequenceEqual(all[0].AsSpan(sizeof(double)))) is > 0 and var other)
        {
            throw new CollectiveException(
                $"The parameters of {model.Description.Name} before the first update differ between rank 0 and rank {other}: create the model with the same seed on all ranks, or load the same file.");
        }

        return all;
    }
}
