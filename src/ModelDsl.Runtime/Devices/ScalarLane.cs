namespace ModelDsl.Devices;

#pragma warning disable CA2225 // lanes are arithmetic, used through their interface only

/// <summary>
/// A single float. Devices that run one thread per element use it for update rules; it is the reference for the vectors.
/// </summary>
/// <param name="Value">The float.</param>
public readonly record struct ScalarLane(float Value) : ILanes<ScalarLane>
{
    /// <summary>2⁻¹²⁶, the smallest float with a full mantissa.</summary>
    internal const float LeastNormal = 1.17549435e-38f;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static ScalarLane Broadcast(float value) => new(value);

    /// <inheritdoc/>
    public static unsafe ScalarLane Load(float* source) => new(*source);

    /// <inheritdoc/>
    public static unsafe void Store(ScalarLane value, float* destination) => *destination = value.Value;

    /// <inheritdoc/>
    public static ScalarLane operator +(ScalarLane x, ScalarLane y) => new(x.Value + y.Value);

    /// <inheritdoc/>
    public static ScalarLane operator -(ScalarLane x, ScalarLane y) => new(x.Value - y.Value);

    /// <inheritdoc/>
    public static ScalarLane operator *(ScalarLane x, ScalarLane y) => new(x.Value * y.Value);

    /// <inheritdoc/>
    public static ScalarLane operator /(ScalarLane x, ScalarLane y) => new(x.Value / y.Value);

    /// <inheritdoc/>
    public static ScalarLane Sqrt(ScalarLane x) => new(MathF.Sqrt(x.Value));

    /// <inheritdoc/>
    public static ScalarLane Greater(ScalarLane x, ScalarLane y) => x.Value > y.Value ? x : y;

    /// <inheritdoc/>
    public static ScalarLane Less(ScalarLane x, ScalarLane y) => x.Value < y.Value ? x : y;

    /// <inheritdoc/>
    public static ScalarLane Normal(ScalarLane x) => x.Value is < LeastNormal and > -LeastNormal ? new(0f) : x;
}
