namespace ModelDsl.Checkpoints;

/// <summary>Matches a file with a model, and changes the model only if they match.</summary>
internal static class CheckpointLoader
{
    /// <summary>Sets a model's parameters and states from a file. The caller must have exclusive access to the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">How names are matched.</param>
    /// <exception cref="CheckpointMismatchException">The file does not match the model, which is unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read; the model is unchanged.</exception>
    public static LoadReport Load(Model model, SafetensorsFile file, LoadOptions options)
    {
        var match = CheckpointMatch.Of(model, file, options);
        if (CheckpointAdvice.Refusal(model, file, options, match) is { } refusal)
            throw new CheckpointMismatchException(refusal);

        // Everything is read before anything is set, so that a file that cannot be read completely changes nothing.
        var values = new float[match.Fitting.Count][];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = new float[match.Fitting[i].Tensor.Count];
            file.Read(match.Fitting[i].Entry, values[i]);
            if (options.PermuteChannelsFirst == true && match.Fitting[i].Tensor.Description.Picture is { Length: > 0 } picture)
                ChannelsFirst.Permute(values[i], picture);
        }

        for (var i = 0; i < values.Length; i++)
            match.Fitting[i].Tensor.WriteAll(values[i]);

        return new LoadReport(
            [.. match.Fitting.Select(static pair => pair.Tensor.Name)],
            match.Missing,
            match.Unexpected,
            match.Mismatched,
            [.. match.Fitting.Where(static pair => pair.Entry.Type != "F32").Select(static pair => pair.Tensor.Name)]);
    }
}
