using ModelDsl.Compiled;
using ModelDsl.Models;

namespace ModelDsl.Training;

/// <summary>Evaluates a model repeatedly on the same data, in the same memory.</summary>
internal sealed class Evaluator(Model model, BatchSequence batches, MetricSet metrics)
{
    public DataSource Data => batches.Source;

    /// <summary>Sets the number of the next pass over the data.</summary>
    public void StartAt(ulong pass) => batches.StartAt(pass, batch: 0);

    public Evaluation Run()
    {
        var several = model.Description.Losses;
        var sums = new double[several.Length];
        metrics.Reset();
        var (sum, total, samples) = (0.0, 0.0, 0L);
        foreach (var batch in batches)
        {
            using var inference = model.Infer(batch, InferParts.Loss);
            // The last batch may be smaller, and samples, classes and labels may have weights.
            var weight = LossWeight.Of(model.Description, batch);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += (double)inference.ReadLoss(i) * weight;
            var loss = several.Length == 0 ? inference.Loss : double.NaN;
            sum += loss * weight;
            total += weight;
            samples += batch.Count;
            metrics.Update(inference, batch, loss);
        }

        return new Evaluation(
            samples == 0 ? double.NaN : total == 0 ? 0 : sum / total,
            samples,
            metrics.Values(),
            [.. several.Zip(sums, (loss, lossSum) => new MetricValue(loss.Name, samples == 0 ? double.NaN : lossSum / samples, HigherIsBetter: false))]);
    }
}
