using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>The data of a batch for a metric.</summary>
public readonly ref struct MetricBatch
{
    /// <summary>The number of samples.</summary>
    public required int Count { get; init; }

    /// <summary>The raw outputs (logits), in the order of the samples.</summary>
    public required ReadOnlySpan<float> Outputs { get; init; }

    /// <summary>The length of the output's last axis: the number of classes, or of values per sample or position. At least 1.</summary>
    public required int Width { get; init; }

    /// <summary>The float targets; empty if there are labels.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>The class labels; empty if there are float targets. Labels that are negative or equal to <see cref="Ignored"/> are not counted.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The label that is not counted, if there is one.</summary>
    public int? Ignored { get; init; }

    /// <summary>Token ids, one for each label. Labels whose token is <see cref="Padding"/> are not counted. Empty if all labels count.</summary>
    public ReadOnlySpan<int> Tokens { get; init; }

    /// <summary>The token that is padding.</summary>
    public int Padding { get; init; }

    /// <summary>What the model's loss measures, which decides how outputs and targets are interpreted.</summary>
    public LossKind Kind { get; init; }

    /// <summary>The mean loss of the batch.</summary>
    public double Loss { get; init; }

    /// <summary>Whether each output value is a separate decision between two classes.</summary>
    internal bool IsBinary => Kind == LossKind.Binary || Width == 1;

    /// <summary>Returns the outputs of one sample, or of one position of a sample.</summary>
    internal ReadOnlySpan<float> Row(int row) => Outputs.Slice(row * Width, Width);

    /// <summary>Returns the number of decisions in the batch, after checking that outputs and true values match.</summary>
    internal int Decisions(string metric)
    {
        var truths = Labels.Length + Targets.Length;
        var (expected, count) = IsBinary ? (Outputs.Length, truths)
            : Labels.IsEmpty ? (Outputs.Length, Targets.Length / Width)
            : (Outputs.Length / Width, Labels.Length);
        return expected == truths ? count : throw Mismatch(metric);
    }

    /// <summary>Returns the true class of a decision; negative if it is not counted.</summary>
    internal int TrueClass(int decision)
    {
        if (!Labels.IsEmpty)
            return Labels[decision] == Ignored || (!Tokens.IsEmpty && Tokens[decision] == Padding) ? -1 : Labels[decision];
        return IsBinary ? (Targets[decision] > 0.5f ? 1 : 0) : Rank.ArgMax(Targets.Slice(decision * Width, Width));
    }

    /// <summary>Returns the predicted class.</summary>
    internal int PredictedClass(int decision, float threshold) =>
        IsBinary ? (Outputs[decision] > threshold ? 1 : 0) : Rank.ArgMax(Row(decision));

    /// <summary>Checks that there is one float target per output value.</summary>
    internal void RequireTargets(string metric)
    {
        if (Targets.Length != Outputs.Length)
            throw Mismatch(metric);
    }

    private InvalidOperationException Mismatch(string metric) => new(
        $"The metric '{metric}' cannot compare {Outputs.Length} output values (rows of {Width}) with "
        + (Labels.IsEmpty ? $"{Targets.Length} float targets." : $"{Labels.Length} labels."));
}
