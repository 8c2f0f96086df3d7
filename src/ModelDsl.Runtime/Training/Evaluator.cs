using ModelDsl.Compiled;
using ModelDsl.Distributed;
using ModelDsl.Models;

namespace ModelDsl.Training;

/// <summary>Evaluates a model repeatedly on the same data, in the same memory. In a group, each rank evaluates its parts of the batches.</summary>
internal sealed class Evaluator(Model model, BatchSequence batches, MetricSet metrics, Collective? group = null)
{
    // The sums of a part: losses, weights, samples, and each of several losses.
    private const int LossSum = 0;
    private const int Weight = 1;
    private const int Samples = 2;
    private const int FirstOfSeveral = 3;

    public DataSource Data => batches.Source;

    /// <summary>Sets the number of the next pass over the data.</summary>
    public void StartAt(ulong pass) => batches.StartAt(pass, batch: 0);

    public Evaluation Run()
    {
        var several = model.Description.Losses;
        var totals = new PartTotals(FirstOfSeveral + several.Length, group);
        metrics.Reset();
        var microBatch = 0L;
        foreach (var batch in batches)
        {
            var part = totals.PartOf(microBatch++);
            if (batch.Count > 0)
                Add(batch, part, totals.Of(part));
        }

        var sums = totals.Add();
        return new Evaluation(
            sums[Samples] == 0 ? double.NaN : sums[Weight] == 0 ? 0 : sums[LossSum] / sums[Weight],
            (long)sums[Samples],
            metrics.Values(),
            [.. several.Zip(sums.Skip(FirstOfSeveral), (loss, sum) => new MetricValue(loss.Name, sums[Samples] == 0 ? double.NaN : sum / sums[Samples], HigherIsBetter: false))]);
    }

    private void Add(Batch batch, int part, Span<double> sums)
    {
        using var inference = model.Infer(batch, InferParts.Loss);
        // The last batch may be smaller, and samples, classes and labels may have weights.
        var weight = LossWeight.Of(model.Description, batch);
        for (var i = FirstOfSeveral; i < sums.Length; i++)
            sums[i] += (double)inference.ReadLoss(i - FirstOfSeveral) * weight;
        var loss = sums.Length == FirstOfSeveral ? inference.Loss : double.NaN;
        sums[LossSum] += loss * weight;
        sums[Weight] += weight;
        sums[Samples] += batch.Count;
        metrics.Update(inference, batch, loss, part);
    }
}
