namespace ModelDsl;

/// <summary>
/// Adds sines and cosines of the position (Vaswani et al., 2017): <c>sin(t / 10000^(2i/width))</c> to value <c>2i</c> and the cosine to value <c>2i + 1</c>. Shapes:
/// <c>[N, T, width]</c> → the same. It has no parameters.
/// </summary>
public sealed class SinusoidalEmbeddingAttribute : LayerAttribute;
