namespace ModelDsl;

/// <summary>The mean of each channel over all positions. Shapes: <c>[N, …, channels]</c> → <c>[N, channels]</c> (Lin et al., 2014).</summary>
public sealed class GlobalAveragePoolAttribute : LayerAttribute;
