namespace ModelDsl;

/// <summary>
/// The share of right decisions: the greatest logit is that of the true class or, for a binary loss, each logit lies on the right side of
/// <see cref="Threshold"/>.
/// </summary>
public sealed class Accuracy : Metric
{
    private readonly int topK = 1;
    private long right;
    private long all;

    /// <inheritdoc/>
    public override string Name => TopK == 1 ? "accuracy" : $"top-{TopK} accuracy";

    /// <summary>A decision counts as right when the true class is among so many with the greatest logits; 1 by default.</summary>
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

    /// <summary>Above it a binary output means yes: 0 for logits, the default; 0.5 for a loss of your own on probabilities.</summary>
    public float Threshold { get; init; }

    /// <inheritdoc/>
    public override double Result => all == 0 ? double.NaN : (double)right / all;

    /// <inheritdoc/>
    public override void Reset() => (right, all) = (0, 0);

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
