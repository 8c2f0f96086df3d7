using ModelDsl.Compiled;

namespace ModelDsl.Training;

/// <summary>Measures a model on the same data again and again, in the same memory.</summary>
internal sealed class Evaluator(Model model, BatchSequence batches, MetricSet metrics)
{
    public Evaluation Run()
    {
        var hasLoss = model.Description.Infer.LossOffset >= 0;
        var parts = hasLoss ? InferParts.Loss : InferParts.None;
        metrics.Reset();
        var (sum, samples) = (0.0, 0L);
        foreach (var batch in batches)
        {
            using var inference = model.Infer(batch, parts);
            var loss = hasLoss ? inference.Loss : double.NaN;
            // The last batch may be smaller: each counts by its samples.
            sum += loss * batch.Count;
            samples += batch.Count;
            metrics.Update(inference, batch, loss);
        }

        return new Evaluation(samples == 0 ? double.NaN : sum / samples, samples, metrics.Values());
    }
}
