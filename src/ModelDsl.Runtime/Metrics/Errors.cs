namespace ModelDsl;

/// <summary>The mean of |output − target| over all values.</summary>
public sealed class MeanAbsoluteError : Metric, ICheckpointState
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Result => count == 0 ? double.NaN : sum / count;

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new MeanAbsoluteError { Output = Output, Target = Target };

    /// <inheritdoc/>
    public override void Add(Metric other)
    {
        var added = Cast<MeanAbsoluteError>(other);
        sum += added.sum;
        count += added.count;
    }

    /// <inheritdoc/>
    public override void Reset() => (sum, count) = (0, 0);

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(sum), sum);
        writer.Write(nameof(count), count);
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (sum, count) = (reader.GetDouble(nameof(sum)), reader.GetInt64(nameof(count)));
    }

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch)
    {
        batch.RequireTargets(Name);
        for (var i = 0; i < batch.Outputs.Length; i++)
            sum += Math.Abs((double)batch.Outputs[i] - batch.Targets[i]);
        count += batch.Outputs.Length;
    }
}

/// <summary>The square root of the mean of (output − target)² over all values, in the unit of the targets.</summary>
public sealed class RootMeanSquaredError : Metric, ICheckpointState
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override string Name => "rmse";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Result => count == 0 ? double.NaN : Math.Sqrt(sum / count);

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new RootMeanSquaredError { Output = Output, Target = Target };

    /// <inheritdoc/>
    public override void Add(Metric other)
    {
        var added = Cast<RootMeanSquaredError>(other);
        sum += added.sum;
        count += added.count;
    }

    /// <inheritdoc/>
    public override void Reset() => (sum, count) = (0, 0);

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(sum), sum);
        writer.Write(nameof(count), count);
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (sum, count) = (reader.GetDouble(nameof(sum)), reader.GetInt64(nameof(count)));
    }

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch)
    {
        batch.RequireTargets(Name);
        for (var i = 0; i < batch.Outputs.Length; i++)
        {
            var error = (double)batch.Outputs[i] - batch.Targets[i];
            sum += error * error;
        }

        count += batch.Outputs.Length;
    }
}

/// <summary>Perplexity: e to the power of the mean loss. For a language model it is the number of equally likely tokens with the same loss.</summary>
public sealed class Perplexity : Metric, ICheckpointState
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Result => count == 0 ? double.NaN : Math.Exp(sum / count);

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new Perplexity { Output = Output, Target = Target };

    /// <inheritdoc/>
    public override void Add(Metric other)
    {
        var added = Cast<Perplexity>(other);
        sum += added.sum;
        count += added.count;
    }

    /// <inheritdoc/>
    public override void Reset() => (sum, count) = (0, 0);

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(sum), sum);
        writer.Write(nameof(count), count);
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (sum, count) = (reader.GetDouble(nameof(sum)), reader.GetInt64(nameof(count)));
    }

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch)
    {
        sum += batch.Loss * batch.Count;
        count += batch.Count;
    }
}
