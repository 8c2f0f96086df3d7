using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>What a metric sees of a batch.</summary>
public readonly ref struct MetricBatch
{
    /// <summary>The number of samples.</summary>
    public required int Count { get; init; }

    /// <summary>The raw outputs (logits), sample after sample.</summary>
    public required ReadOnlySpan<float> Outputs { get; init; }

    /// <summary>The extent of the output's last axis: the number of classes, or of values per sample or position. At least 1.</summary>
    public required int Width { get; init; }

    /// <summary>The float targets; empty when there are labels.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>The class labels; empty when there are float targets. Negative ones, and <see cref="Ignored"/>, are not counted.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The label that does not count, if there is one.</summary>
    public int? Ignored { get; init; }

    /// <summary>Token ids, one for each label, of which those equal to <see cref="Padding"/> take their labels out; empty where all labels count.</summary>
    public ReadOnlySpan<int> Tokens { get; init; }

    /// <summary>The token that is padding.</summary>
    public int Padding { get; init; }

    /// <summary>What the model's loss measures, which says how to read outputs and targets.</summary>
    public LossKind Kind { get; init; }

    /// <summary>The mean loss of the batch.</summary>
    public double Loss { get; init; }

    /// <summary>Whether each output value is a decision of its own between two classes.</summary>
    internal bool IsBinary => Kind == LossKind.Binary || Width == 1;

    /// <summary>The outputs of one sample, or of one position of it.</summary>
    internal ReadOnlySpan<float> Row(int row) => Outputs.Slice(row * Width, Width);

    /// <summary>The number of classifications in the batch, after checking that outputs and truth match.</summary>
    internal int Decisions(string metric)
    {
        var truths = Labels.Length + Targets.Length;
        var (expected, count) = IsBinary ? (Outputs.Length, truths)
            : Labels.IsEmpty ? (Outputs.Length, Targets.Length / Width)
            : (Outputs.Length / Width, Labels.Length);
        return expected == truths ? count : throw Mismatch(metric);
    }

    /// <summary>The true class of a decision; negative when it does not count.</summary>
    internal int TrueClass(int decision)
    {
        if (!Labels.IsEmpty)
            return Labels[decision] == Ignored || (!Tokens.IsEmpty && Tokens[decision] == Padding) ? -1 : Labels[decision];
        return IsBinary ? (Targets[decision] > 0.5f ? 1 : 0) : Rank.ArgMax(Targets.Slice(decision * Width, Width));
    }

    /// <summary>The class the model decides for.</summary>
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
