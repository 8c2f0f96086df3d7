namespace ModelDsl;

/// <summary>The padding of the input of a sliding window.</summary>
public enum Padding
{
    /// <summary>No padding: the window stays inside, and the output is smaller than the input. This is the default of Keras and PyTorch.</summary>
    Valid,

    /// <summary>
    /// Zero padding such that the output has <c>⌈size / stride⌉</c> positions; with stride 1 this is the size of the input. If the number of zeros is odd, the larger half is
    /// at the end, as in Keras.
    /// </summary>
    Same,
}
