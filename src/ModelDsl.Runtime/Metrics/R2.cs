namespace ModelDsl;

/// <summary>
/// The coefficient of determination, 1 − Σ(target − output)² / Σ(target − mean)²: 1 is perfect, 0 is not better than the mean of the targets. For
/// several values per sample it is the mean of their coefficients.
/// </summary>
public sealed class R2 : Metric, ICheckpointState
{
    // Per value: the running mean of the targets, the sum of their squared deviations from it (Welford), and the sum of the squared residuals.
    private double[] mean = [];
    private double[] total = [];
    private double[] residual = [];
    private long count;

    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    public override double Result
    {
        get
        {
            if (count == 0)
                return double.NaN;
            var sum = 0.0;
            for (var i = 0; i < mean.Length; i++)
                sum += total[i] > 0 ? 1 - (residual[i] / total[i]) : residual[i] == 0 ? 1 : 0;
            return sum / mean.Length;
        }
    }

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new R2 { Output = Output, Target = Target };

    /// <inheritdoc/>
    public override void Add(Metric other)
    {
        var added = Cast<R2>(other);
        if (added.count == 0)
            return;
        if (count == 0)
        {
            (mean, total, residual, count) = ([.. added.mean], [.. added.total], [.. added.residual], added.count);
            return;
        }

        // Chan et al.: Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979.
        var all = count + added.count;
        for (var i = 0; i < mean.Length; i++)
        {
            var ahead = added.mean[i] - mean[i];
            mean[i] += ahead * added.count / all;
            total[i] += added.total[i] + (ahead * ahead * ((double)count * added.count / all));
            residual[i] += added.residual[i];
        }

        count = all;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(mean);
        Array.Clear(total);
        Array.Clear(residual);
        count = 0;
    }

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(count), count);
        writer.Write(nameof(mean), mean);
        writer.Write(nameof(total), total);
        writer.Write(nameof(residual), residual);
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        count = reader.GetInt64(nameof(count));
        (mean, total, residual) = (reader.GetDoubles(nameof(mean)), reader.GetDoubles(nameof(total)), reader.GetDoubles(nameof(residual)));
    }

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch)
    {
        batch.RequireTargets(Name);
        var values = batch.Count == 0 ? 0 : batch.Outputs.Length / batch.Count;
        if (count == 0 && mean.Length != values)
            (mean, total, residual) = (new double[values], new double[values], new double[values]);
        if (mean.Length != values)
            throw new InvalidOperationException($"The metric '{Name}' has seen {mean.Length} values per sample, and now sees {values}.");

        for (var sample = 0; sample < batch.Count; sample++)
        {
            count++;
            for (var i = 0; i < values; i++)
            {
                double target = batch.Targets[(sample * values) + i], error = target - batch.Outputs[(sample * values) + i];
                var ahead = target - mean[i];
                mean[i] += ahead / count;
                total[i] += ahead * (target - mean[i]);
                residual[i] += error * error;
            }
        }
    }
}
