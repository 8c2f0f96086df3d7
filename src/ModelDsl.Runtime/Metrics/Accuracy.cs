namespace ModelDsl;

/// <summary>
/// The fraction of correct decisions. A decision is correct if the greatest logit is that of the true class or, for a binary loss, if the logit is on the correct side of
/// <see cref="Threshold"/>.
/// </summary>
public sealed class Accuracy : Metric, ICheckpointState
{
    private readonly int topK = 1;
    private long right;
    private long all;

    /// <inheritdoc/>
    public override string Name => TopK == 1 ? "accuracy" : $"top-{TopK} accuracy";

    /// <summary>A decision is correct if the true class is among this number of greatest logits; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int TopK
    {
        get => topK;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            topK = value;
        }
    }

    /// <summary>A binary output greater than this is positive: 0 for logits, the default; 0.5 for a custom loss on probabilities.</summary>
    public float Threshold { get; init; }

    /// <inheritdoc/>
    public override double Result => all == 0 ? double.NaN : (double)right / all;

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new Accuracy { Output = Output, Target = Target, TopK = TopK, Threshold = Threshold };

    /// <inheritdoc/>
    public override void Add(Metric other)
    {
        var added = Cast<Accuracy>(other);
        right += added.right;
        all += added.all;
    }

    /// <inheritdoc/>
    public override void Reset() => (right, all) = (0, 0);

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(right), right);
        writer.Write(nameof(all), all);
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (right, all) = (reader.GetInt64(nameof(right)), reader.GetInt64(nameof(all)));
    }

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch)
    {
        var decisions = batch.Decisions(Name);
        for (var i = 0; i < decisions; i++)
        {
            var truth = batch.TrueClass(i);
            if (truth < 0)
                continue;
            all++;
            if (TopK == 1 || batch.IsBinary ? batch.PredictedClass(i, Threshold) == truth : truth < batch.Width && Rank.IsAmongTop(batch.Row(i), truth, TopK))
                right++;
        }
    }
}
