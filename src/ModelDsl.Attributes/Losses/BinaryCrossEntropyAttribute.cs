namespace ModelDsl;

/// <summary>
/// The loss of independent binary decisions, on logits: <c>−t·log σ(y) − (1 − t)·log(1 − σ(y))</c>, computed in a numerically stable way and averaged over all
/// elements and samples. Shapes: output <c>[N, …]</c>, target the same, between 0 and 1. <c>Predict</c> returns σ(y). PyTorch
/// <c>BCEWithLogitsLoss</c>.
/// </summary>
public sealed class BinaryCrossEntropyAttribute : TargetLossAttribute
{
    /// <summary>ε of label smoothing: targets are replaced by <c>t·(1 − ε) + ½·ε</c>. At least 0 and less than 1.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// p, the weight of positive decisions: the loss is <c>−p·t·log σ(y) − (1 − t)·log(1 − σ(y))</c>. Positive; 1 by default. Equivalent to a single <c>pos_weight</c> in PyTorch.
    /// </summary>
    public double PositiveWeight { get; set; } = 1;
}
