namespace ModelDsl;

/// <summary>
/// The loss of independent yes-or-no answers, on logits: <c>−t·log σ(y) − (1 − t)·log(1 − σ(y))</c>, computed stably and averaged over all
/// elements and samples.
/// Shapes: output <c>[N, …]</c>, target the same, between 0 and 1. <c>Predict</c> gives σ(y). PyTorch
/// <c>BCEWithLogitsLoss</c>.
/// </summary>
public sealed class BinaryCrossEntropyAttribute : TargetLossAttribute
{
    /// <summary>ε: targets are moved to <c>t·(1 − ε) + ½·ε</c>. From 0 up to but not including 1.</summary>
    public double LabelSmoothing { get; set; }
}
