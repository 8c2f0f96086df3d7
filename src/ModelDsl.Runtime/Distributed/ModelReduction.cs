using System.Text;

namespace ModelDsl.Distributed;

/// <summary>Replaces the gradients of a model or of a part of it, and the states of the model, by their mean over the ranks, for training loops outside <see cref="Trainer"/>.</summary>
internal sealed class ModelReduction
{
    private readonly Model model;
    private readonly string part;
    private readonly Collective group;
    private readonly PartSums sums;
    private bool isCompared;

    /// <summary>Allocates the memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">The name of the part; empty for the whole model.</param>
    /// <param name="group">The group.</param>
    public ModelReduction(Model model, string part, Collective group)
    {
        ModelVector.Check(model);
        (this.model, this.part, this.group) = (model, part, group);
        var (start, length) = ModelVector.Range(model, part);
        sums = new PartSums(model, start, length);
    }

    /// <summary>Runs the reduction.</summary>
    public void Run()
    {
        var weight = model.BeginReduction(part);
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
        if (group.Count == 1)
            return group.Gather(CollectiveCall.Reduce, BitConverter.GetBytes(weight));
        var all = group.Gather(CollectiveCall.Reduce, [.. BitConverter.GetBytes(weight), .. Encoding.UTF8.GetBytes(part), 0, .. isCompared ? [] : ModelVector.HashParameters(model)]);
        if (Array.FindIndex(all, bytes => PartOf(bytes) != PartOf(all[0])) is > 0 and var rank)
        {
            throw new CollectiveException(
                $"Rank 0 reduces the gradients of {model.Description.Name}{PartOf(all[0])}, and rank {rank} those of {model.Description.Name}{PartOf(all[rank])}: call Reduce with the same part on all ranks.");
        }

        isCompared = true;
        if (Array.FindIndex(all, bytes => !bytes.AsSpan(sizeof(double)).SequenceEqual(all[0].AsSpan(sizeof(double)))) is > 0 and var other)
        {
            throw new CollectiveException(
                $"The parameters of {model.Description.Name} before the first update differ between rank 0 and rank {other}: create the model with the same seed on all ranks, or load the same file.");
        }

        return all;

        static string PartOf(byte[] bytes) => bytes.AsSpan(sizeof(double)) is var rest && rest.IndexOf((byte)0) is > 0 and var end ? $".{Encoding.UTF8.GetString(rest[..end])}" : "";
    }
}
