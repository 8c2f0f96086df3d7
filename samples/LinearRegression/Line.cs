using ModelDsl;

namespace LinearRegression;

/// <summary>The straight line y = weight · x + bias.</summary>
[Model]
[Input(1)]
[Dense(1)]
[MeanSquaredError]
public sealed partial class Line;
