namespace ModelDsl;

/// <summary>
/// The area under the ROC curve: the probability that a random sample of the positive class has a greater score than a random other sample (equal
/// scores count one half). The result is exact; it needs 5 bytes per decision.
/// </summary>
public sealed class RocAuc : Metric, ICheckpointState
{
    private readonly List<float> scores = [];
    private readonly List<bool> positives = [];

    /// <inheritdoc/>
    public override string Name => "auc";

    /// <summary>The positive class of a model with several logits, against all others; 1 by default. Ignored for a binary model.</summary>
    public int PositiveClass { get; init; } = 1;

    /// <summary>The area; NaN if there are no positive or no other samples, or if a score is NaN.</summary>
    public override double Result => Area([.. scores], [.. positives]);

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new RocAuc { Output = Output, Target = Target, PositiveClass = PositiveClass };

    /// <inheritdoc/>
    public override void Add(Metric other)
    {
        var added = Cast<RocAuc>(other);
        scores.AddRange(added.scores);
        positives.AddRange(added.positives);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        scores.Clear();
        positives.Clear();
    }

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(scores), scores.ToArray());
        writer.Write(nameof(positives), Array.ConvertAll([.. positives], static positive => positive ? 1L : 0L));
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        scores.Clear();
        scores.AddRange(reader.GetSingles(nameof(scores)));
        positives.Clear();
        positives.AddRange(reader.GetInt64s(nameof(positives)).Select(static positive => positive != 0));
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

    /// <summary>log(p / (1 − p)) of a class under a softmax: it has the order of the probabilities, but is not rounded to 0 or 1.</summary>
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

    /// <summary>The Mann–Whitney statistic: the ranks of the positive samples, where equal scores share their mean rank.</summary>
    private static double Area(float[] scores, bool[] positives)
    {
        Array.Sort(scores, positives);
        // NaN is first in the order, and then the area is undefined.
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
