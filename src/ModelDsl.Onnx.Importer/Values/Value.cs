namespace ModelDsl.Onnx.Importer.Values;

/// <summary>A value of the file: a constant, or a tensor of the model.</summary>
/// <param name="Shape">The sizes of its axes in the file.</param>
internal abstract record Value(long[] Shape)
{
    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Length;
}
