using ModelDsl;

namespace Transfer;

/// <summary>The outputs of the frozen network for photos, which the last layer reads.</summary>
/// <param name="Files">The numbers of the photos in the list of files, without those that cannot be read.</param>
/// <param name="Labels">The label of each photo.</param>
/// <param name="Values">The features of each photo.</param>
internal sealed record Features(int[] Files, int[] Labels, float[] Values)
{
    /// <summary>The number of features of a photo.</summary>
    public const int Width = 512;

    /// <summary>The number of photos.</summary>
    public int Count => Files.Length;

    /// <summary>The features and labels as samples.</summary>
    public Dataset ToDataset() => Dataset.FromArrays(Values, Labels);

    /// <summary>Returns the numbers of some photos in the list of files.</summary>
    public int[] FilesOf(int[] rows) => Array.ConvertAll(rows, row => Files[row]);

    /// <summary>Returns the features of one photo.</summary>
    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Width, Width);
}
