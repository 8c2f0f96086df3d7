namespace ModelDsl;

/// <summary>
/// The area under the ROC curve: how likely a random member of the positive class gets a greater score than a random other one (half for
/// equal scores). Exact; it keeps 5 bytes per decision.
/// </summary>
public sealed class RocAuc : Metric
{
    private readonly List<float> scores = [];
    private readonly List<bool> positives = [];

    /// <inheritdoc/>
    public override string Name => "auc";

    /// <summary>The positive class of a model with several logits, against all others; 1 by default. A binary model has no choice.</summary>
    public int PositiveClass { get; init; } = 1;

    /// <summary>The area; NaN while only one of both sides has been seen, or a score is NaN.</summary>
    public override double Result => Area([.. scores], [.. positives]);

    /// <inheritdoc/>
    public override void Reset()
    {
        scores.Clear();
        positives.Clear();
    }

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch)
    {
        if (!batch.IsBinary && (uint)PositiveClass >= (uint)batch.Width)
            throw new InvalidOperationException($"The positive class of '{Name}' is {PositiveClass}; the model has {batch.Width} classes.");
        var decisions = batch.Decisions(Name);
        for (var i = 0; i < decisions; i++)
        {
            var truth = batch.TrueClass(i);
            if (truth < 0)
                continue;
            scores.Add(batch.IsBinary ? batch.Outputs[i] : LogOdds(batch.Row(i), PositiveClass));
            positives.Add(truth == (batch.IsBinary ? 1 : PositiveClass));
        }
    }

    /// <summary>log(p / (1 − p)) of a class under a softmax: ordered as its probability, without rounding to 0 or 1.</summary>
    private static float LogOdds(ReadOnlySpan<float> logits, int index)
    {
        var greatest = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            if (i != index)
                greatest = MathF.Max(greatest, logits[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (i != index)
                sum += Math.Exp(logits[i] - greatest);
        }

        return (float)(logits[index] - greatest - Math.Log(sum));
    }

    /// <summary>The Mann–Whitney statistic: ranks of the positives, equal scores sharing their mean rank.</summary>
    private static double Area(float[] scores, bool[] positives)
    {
        Array.Sort(scores, positives);
        // NaN sorts first, and then nothing can be said.
        if (scores.Length == 0 || float.IsNaN(scores[0]))
            return double.NaN;

        double rankSum = 0, positiveCount = 0;
        for (var start = 0; start < scores.Length;)
        {
            var end = start;
            var among = 0;
            for (; end < scores.Length && scores[end] == scores[start]; end++)
                among += positives[end] ? 1 : 0;
            rankSum += among * ((start + end + 1) / 2.0);
            positiveCount += among;
            start = end;
        }

        var negativeCount = scores.Length - positiveCount;
        return positiveCount == 0 || negativeCount == 0
            ? double.NaN
            : (rankSum - (positiveCount * (positiveCount + 1) / 2)) / (positiveCount * negativeCount);
    }
}
