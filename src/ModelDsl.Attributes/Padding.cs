namespace ModelDsl;

/// <summary>What a sliding window finds beyond the edges of its input.</summary>
public enum Padding
{
    /// <summary>Nothing: the window stays inside, and the output is smaller than the input. The default of Keras and PyTorch.</summary>
    Valid,

    /// <summary>
    /// Zeros, so many that the output has <c>⌈size / stride⌉</c> positions; with stride 1 the size of the input. An odd number has its larger half
    /// behind, as in Keras.
    /// </summary>
    Same,
}
