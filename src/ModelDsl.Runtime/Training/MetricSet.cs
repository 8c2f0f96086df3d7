using ModelDsl.Compiled;
using ModelDsl.Distributed;

namespace ModelDsl.Training;

/// <summary>The metrics of a run, updated from batches and a model's outputs.</summary>
internal sealed class MetricSet
{
    private readonly ModelDescription model;
    private readonly Metric[] metrics;
    private readonly string[] names;
    private readonly PartMetrics? parts;

    // The columns that metrics compare with, and their indices in batches.
    private readonly (int Index, ColumnDescription Column)[] targets;

    public MetricSet(ModelDescription model, IReadOnlyList<Metric>? metrics, Collective? group = null)
    {
        this.model = model;
        targets = DefaultMetrics.TargetsOf(model);
        this.metrics = metrics is not null ? [.. metrics] : [.. DefaultMetrics.Of(model)];

        // Each of several outputs may have the same default metric, so the metrics need distinct names.
        var outputs = model.Outputs.Count(static output => !output.IsInside);
        names = Array.ConvertAll(this.metrics, metric => metrics is null && outputs > 1 ? $"{model.Outputs[metric.Output].Name} {metric.Name}" : metric.Name);
        foreach (var metric in this.metrics)
        {
            if ((uint)metric.Output >= (uint)outputs)
                throw new ArgumentException($"The metric '{metric.Name}' looks at output {metric.Output}; {model.Name} has {outputs}.");
            if ((uint)metric.Target >= (uint)targets.Length)
                throw new ArgumentException($"The metric '{metric.Name}' compares with target {metric.Target}; the targets of {model.Name} are {Described()}.");
        }

        parts = group is null ? null : new PartMetrics(group, this.metrics);
    }

    public int Count => metrics.Length;

    public IReadOnlyList<string> Names => names;

    /// <summary>The names of metrics whose sums cannot be saved.</summary>
    public IEnumerable<string> WithoutState => names.Where((_, index) => metrics[index] is not ICheckpointState);

    /// <summary>The metric in the progress line. In a group it is that of this rank.</summary>
    public MetricValue? First
    {
        get
        {
            if (Array.FindIndex(metrics, IsOfTraining) is not (>= 0 and var first))
                return null;
            parts?.AddOwn();
            return ValueOf(first);
        }
    }

    public void Reset()
    {
        foreach (var metric in metrics)
            metric.Reset();
        parts?.Reset();
    }

    /// <summary>Adds the last training step of a model.</summary>
    /// <param name="trained">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="loss">Its mean loss.</param>
    /// <param name="part">The part that the batch belongs to, in a group.</param>
    public void Update(Model trained, Batch batch, double loss, int part = 0)
    {
        for (var i = 0; i < metrics.Length; i++)
        {
            if (IsOfTraining(metrics[i]))
                Update(parts?.Of(part, i) ?? metrics[i], trained.LastOutputs(metrics[i].Output), batch, loss);
        }
    }

    /// <summary>Adds an inference.</summary>
    /// <param name="inference">The inference.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="loss">Its mean loss.</param>
    /// <param name="part">The part that the batch belongs to, in a group.</param>
    public void Update(in Inference inference, Batch batch, double loss, int part = 0)
    {
        for (var i = 0; i < metrics.Length; i++)
            Update(parts?.Of(part, i) ?? metrics[i], inference.Outputs(metrics[i].Output), batch, loss);
    }

    /// <summary>Returns the values. In a group, all ranks call it.</summary>
    public MetricValue[] Values()
    {
        parts?.Add();
        var values = new MetricValue[metrics.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = ValueOf(i);
        return values;
    }

    /// <summary>Returns the values of the metrics of training steps, which do not keep all outputs. In a group, all ranks call it.</summary>
    public MetricValue[] TrainingValues()
    {
        parts?.Add();
        return [.. metrics.Index().Where(metric => IsOfTraining(metric.Item)).Select(metric => ValueOf(metric.Index))];
    }

    /// <summary>Returns the metrics of training steps with values that were computed earlier.</summary>
    public MetricValue[] TrainingValues(Func<int, double> value) =>
        [.. metrics.Index().Where(metric => IsOfTraining(metric.Item)).Select((metric, number) => new MetricValue(names[metric.Index], value(number), metric.Item.HigherIsBetter))];

    /// <summary>Saves the sums of all metrics that can be saved.</summary>
    public void Save(CheckpointWriter writer)
    {
        if (parts is not null)
        {
            parts.Save(writer);
            return;
        }

        foreach (var (index, metric) in metrics.Index())
            (metric as ICheckpointState)?.SaveState(writer.Section($"metric{index}"));
    }

    /// <summary>Restores the sums. Metrics that cannot be saved begin anew.</summary>
    public void Restore(CheckpointReader reader)
    {
        if (parts is not null)
        {
            parts.Restore(reader);
            return;
        }

        Reset();
        foreach (var (index, metric) in metrics.Index())
            (metric as ICheckpointState)?.RestoreState(reader.Section($"metric{index}"));
    }

    /// <summary>Whether training steps keep the output of a metric.</summary>
    private bool IsOfTraining(Metric metric) => !model.Outputs[metric.Output].IsDropped;

    private string Described() => string.Join(", ", targets.Select(static (target, index) => $"{index}, '{target.Column.Name}'"));

    private MetricValue ValueOf(int metric) => new(names[metric], metrics[metric].Result, metrics[metric].HigherIsBetter);

    private void Update(Metric metric, ReadOnlySpan<float> outputs, Batch batch, double loss)
    {
        var (column, target) = targets[metric.Target];
        var isFloat = target.Type == ColumnType.Float;
        var shape = model.Outputs[metric.Output].Shape;
        metric.Update(new MetricBatch
        {
            Count = batch.Count,
            Outputs = outputs,
            Width = shape.Length == 0 ? 1 : shape[^1],
            Targets = isFloat ? batch.Floats(column) : default,
            Labels = isFloat ? default : batch.Ints(column),
            Ignored = target.Ignored,
            Tokens = target.Padding is { } tokens ? batch.Ints(tokens.Input) : default,
            Padding = target.Padding?.Token ?? 0,
            Kind = DefaultMetrics.KindOf(model, metric.Output, column),
            Loss = loss,
        });
    }
}
