namespace ModelDsl;

/// <summary>
/// The loss <c>(y − t)²</c>, averaged over all elements and samples. Shapes: output <c>[N, …]</c>, target the same. PyTorch <c>MSELoss</c>.
/// </summary>
public sealed class MeanSquaredErrorAttribute : TargetLossAttribute;
