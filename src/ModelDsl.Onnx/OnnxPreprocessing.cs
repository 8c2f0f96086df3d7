namespace ModelDsl;

/// <summary>
/// What an ONNX file computes of an input before the network reads it: <c>(x · Scale − Mean) / StandardDeviation</c>. Then other software gives the file the numbers that it has, such as bytes of a photo as floats.
/// </summary>
public sealed record OnnxPreprocessing
{
    /// <summary>The name of the input. Null for the only input of floats.</summary>
    public string? Input { get; init; }

    /// <summary>The factor of all elements, such as 1/255 for bytes.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>What is subtracted after scaling: one number, or one for each element of the last axis, such as a color. Empty for nothing.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>What the difference is divided by: one number, or one for each element of the last axis. Empty for nothing.</summary>
    public IReadOnlyList<float> StandardDeviation { get; init; } = [];
}
