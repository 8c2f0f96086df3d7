namespace ModelDsl.Checkpoints;

/// <summary>Parameters with an axis for the values of a flattened image, in files of frameworks whose images have their channels first.</summary>
internal static class ChannelsFirst
{
    // PyTorch's names of the parameters of dense layers and normalizations.
    private static readonly string[] Endings = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>Returns the parameters whose order in the file is unknown, with the shapes of their images; none if the options give the order.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">The options.</param>
    /// <param name="match">The tensors that would be loaded.</param>
    public static IEnumerable<string> Doubts(SafetensorsFile file, LoadOptions options, CheckpointMatch match) =>
        from pair in match.Fitting
        where options.PermuteChannelsFirst is null && pair.Parameter.Description.Picture.Length > 0
            && !SafetensorsWriter.HasWritten(file) && pair.Tensor.Source.Entries.Any(static entry => Endings.Any(ending => entry.Name.EndsWith(ending, StringComparison.Ordinal)))
        let picture = string.Join(", ", pair.Parameter.Description.Picture)
        select $"'{pair.Parameter.Name}' works on a flattened picture [{picture}], channels last, but a file of PyTorch has its values in an order with channels first";

    /// <summary>Permutes the last axis of a tensor from channels first to channels last.</summary>
    /// <param name="values">All elements in row-major order.</param>
    /// <param name="picture">The shape of the image, channels last.</param>
    public static void Permute(Span<float> values, ReadOnlySpan<int> picture)
    {
        var channels = picture[^1];
        var positions = 1;
        foreach (var extent in picture[..^1])
            positions *= extent;
        var row = new float[positions * channels];
        for (; values.Length > 0; values = values[row.Length..])
        {
            values[..row.Length].CopyTo(row);
            for (var position = 0; position < positions; position++)
            {
                for (var channel = 0; channel < channels; channel++)
                    values[(position * channels) + channel] = row[(channel * positions) + position];
            }
        }
    }
}
