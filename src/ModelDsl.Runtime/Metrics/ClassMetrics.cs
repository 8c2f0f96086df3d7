namespace ModelDsl;

/// <summary>A metric that is computed from a confusion matrix.</summary>
/// <remarks>For the value of each class, use a <see cref="ConfusionMatrix"/>.</remarks>
public abstract class ClassMetric : Metric, ICheckpointState
{
    private protected ClassMetric()
    {
    }

    /// <summary>How the classes are averaged; <see cref="Average.Macro"/> by default.</summary>
    public Average Average { get; init; }

    /// <summary>The single class to measure, such as 1 for the positive class of a binary model; null, the default, for all classes.</summary>
    public int? Class { get; init; }

    /// <summary>The confusion matrix.</summary>
    public ConfusionMatrix Matrix { get; } = new();

    /// <inheritdoc/>
    public override void Reset() => Matrix.Reset();

    /// <inheritdoc/>
    public override void Add(Metric other) => Matrix.Add(Cast<ClassMetric>(other).Matrix);

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch) => Matrix.Update(batch);

    /// <inheritdoc/>
    public void SaveState(CheckpointWriter writer) => ((ICheckpointState)Matrix).SaveState(writer);

    /// <inheritdoc/>
    public void RestoreState(CheckpointReader reader) => ((ICheckpointState)Matrix).RestoreState(reader);

    private protected double Of(Func<int, double> ofClass, Func<Average, double> ofAll) =>
        Class is not { } index ? ofAll(Average) : Matrix.Total == 0 ? double.NaN : ofClass(index);
}

/// <summary>The fraction of the predictions of a class that are correct, averaged over the classes.</summary>
public sealed class Precision : ClassMetric
{
    /// <inheritdoc/>
    public override string Name => "precision";

    /// <inheritdoc/>
    public override double Result => Of(Matrix.Precision, Matrix.Precision);

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new Precision { Output = Output, Target = Target, Average = Average, Class = Class };
}

/// <summary>The fraction of the samples of a class that are predicted correctly, averaged over the classes.</summary>
public sealed class Recall : ClassMetric
{
    /// <inheritdoc/>
    public override string Name => "recall";

    /// <inheritdoc/>
    public override double Result => Of(Matrix.Recall, Matrix.Recall);

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new Recall { Output = Output, Target = Target, Average = Average, Class = Class };
}

/// <summary>The harmonic mean of precision and recall, averaged over the classes.</summary>
public sealed class F1Score : ClassMetric
{
    /// <inheritdoc/>
    public override string Name => "f1";

    /// <inheritdoc/>
    public override double Result => Of(Matrix.F1, Matrix.F1);

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new F1Score { Output = Output, Target = Target, Average = Average, Class = Class };
}
