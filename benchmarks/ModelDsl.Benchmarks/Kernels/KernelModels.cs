namespace ModelDsl.Benchmarks.Kernels;

/// <summary>Two products of 256 × 256 weights. The first layer needs no gradient of its input, the second does.</summary>
[Model, Input(256), Dense(256), Dense(256), MeanSquaredError]
public sealed partial class DenseLayers;

/// <summary>Normalisation and activation: rows of 512 values.</summary>
[Model, Input(512), LayerNorm, Gelu, MeanSquaredError]
public sealed partial class NormalisedRows;

/// <summary>Softmax and cross-entropy over 1,000 classes.</summary>
[Model, Input(1000), LayerNorm, SoftmaxCrossEntropy]
public sealed partial class ManyClasses;

/// <summary>Rows of a table, summed back into it.</summary>
[Model, TokenInput(64, 4096), Embedding(64), Flatten, Dense(1), MeanSquaredError]
public sealed partial class LookedUp;
