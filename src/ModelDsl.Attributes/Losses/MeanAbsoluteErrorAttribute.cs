namespace ModelDsl;

/// <summary>
/// The loss <c>|y − t|</c>, averaged over all elements and samples; its gradient is 0 where <c>y = t</c>. Shapes: output <c>[N, …]</c>,
/// target the same. PyTorch <c>L1Loss</c>.
/// </summary>
public sealed class MeanAbsoluteErrorAttribute : TargetLossAttribute;
