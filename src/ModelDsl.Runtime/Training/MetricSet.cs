using ModelDsl.Compiled;

namespace ModelDsl.Training;

/// <summary>The metrics of a run, fed from batches and a model's outputs.</summary>
internal sealed class MetricSet
{
    private readonly ModelDescription model;
    private readonly Metric[] metrics;

    public MetricSet(ModelDescription model, IReadOnlyList<Metric>? metrics)
    {
        this.model = model;
        this.metrics = metrics is not null ? [.. metrics] : DefaultFor(model);
        foreach (var metric in this.metrics)
        {
            if ((uint)metric.Output >= (uint)model.Outputs.Length)
                throw new ArgumentException($"The metric '{metric.Name}' looks at output {metric.Output}; {model.Name} has {model.Outputs.Length}.");
            if ((uint)metric.Target >= (uint)Targets.Length)
                throw new ArgumentException($"The metric '{metric.Name}' compares with target {metric.Target}; {model.Name} has {Targets.Length}.");
        }
    }

    public int Count => metrics.Length;

    /// <summary>The metric that a progress line shows.</summary>
    public Metric? First => metrics.Length == 0 ? null : metrics[0];

    // Without targets of its own, a model learns to give back its inputs.
    private ColumnDescription[] Targets => model.Targets.Length > 0 ? model.Targets : model.Inputs;

    public void Reset()
    {
        foreach (var metric in metrics)
            metric.Reset();
    }

    /// <summary>Takes in the training step a model has just made.</summary>
    public void Update(Model trained, Batch batch, double loss)
    {
        foreach (var metric in metrics)
            Update(metric, trained.LastOutputs(metric.Output), batch, loss);
    }

    /// <summary>Takes in an inference.</summary>
    public void Update(in Inference inference, Batch batch, double loss)
    {
        foreach (var metric in metrics)
            Update(metric, inference.Outputs(metric.Output), batch, loss);
    }

    public MetricValue[] Values()
    {
        var values = new MetricValue[metrics.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = new MetricValue(metrics[i].Name, metrics[i].Result, metrics[i].HigherIsBetter);
        return values;
    }

    private static Metric[] DefaultFor(ModelDescription model)
    {
        // With several outputs or targets nobody but the user knows which belong together.
        var simple = model.Outputs.Length == 1 && model.Targets.Length <= 1;
        return simple && Metric.DefaultFor(model.Loss) is { } metric ? [metric] : [];
    }

    private void Update(Metric metric, ReadOnlySpan<float> outputs, Batch batch, double loss)
    {
        var column = (model.Targets.Length > 0 ? model.Inputs.Length : 0) + metric.Target;
        var target = Targets[metric.Target];
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
            Kind = model.Loss,
            Loss = loss,
        });
    }
}
