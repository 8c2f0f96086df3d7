namespace ModelDsl.Checkpoints;

/// <summary>Matches a file with a model, and changes the model only if they match.</summary>
internal static class CheckpointLoader
{
    /// <summary>Sets a model's parameters and states from a file. The caller must have exclusive access to the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">How tensors are converted and matched.</param>
    /// <exception cref="CheckpointMismatchException">The file does not match the model, which is unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read; the model is unchanged.</exception>
    public static LoadReport Load(Model model, SafetensorsFile file, LoadOptions options)
    {
        var match = CheckpointMatch.Of(model, file, options);
        CheckpointAdvice.ThrowIfRefused(model, file, options, match);
        ThrowIfCopiesDiffer(model, file, match);

        // What must be read or converted is read before anything is set, so that a file that cannot be read completely changes nothing.
        var values = new float[]?[match.Fitting.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var (parameter, tensor) = match.Fitting[i];
            int[] permuted = options.PermuteChannelsFirst == true ? parameter.Description.Picture ?? [] : [];
            if (permuted.Length == 0 && tensor.Source.TryMap(out _))
                continue;
            values[i] = tensor.Source.Read();
            if (permuted.Length > 0)
                ChannelsFirst.Permute(values[i], permuted);
        }

        for (var i = 0; i < values.Length; i++)
        {
            var (parameter, tensor) = match.Fitting[i];
            if (values[i] is null && tensor.Source.TryMap(out var mapped))
                parameter.WriteAll(mapped);
            else
                parameter.WriteAll(values[i] ?? tensor.Source.Read());
        }

        return Report(model, file, match);
    }

    /// <summary>Compares the values of tensors that a rule ignores because they are copies.</summary>
    private static void ThrowIfCopiesDiffer(Model model, SafetensorsFile file, CheckpointMatch match)
    {
        string[] differences =
        [
            .. match.Tensors.Copies.Where(static copy => !copy.Tensor.Source.Read().AsSpan().SequenceEqual(copy.Original.Source.Read()))
                .Select(static copy => $"{copy.Tensor} and {copy.Original} have different values in the file, but {copy.Rule} needs equal ones"),
        ];
        if (differences.Length > 0)
        {
            throw new CheckpointMismatchException(
                $"'{file.Path}' does not hold the parameters of {model.Description.Name}:\n  {string.Join("\n  ", differences)}\nWhat to do: give the model a parameter for each of them.", differences);
        }
    }

    private static LoadReport Report(Model model, SafetensorsFile file, CheckpointMatch match)
    {
        var loaded = match.Fitting.ToDictionary(static pair => pair.Parameter.Name, static pair => CheckpointMatch.Origin(pair.Parameter.Name, pair.Tensor));
        return new LoadReport(
            [.. match.Fitting.Select(static pair => pair.Parameter.Name)],
            [.. match.Missing.Select(static parameter => parameter.Name)],
            [.. match.Unexpected.Select(static tensor => tensor.Name)],
            Mismatches(match),
            [.. match.Fitting.Where(static pair => pair.Tensor.Source.Entries.Any(static entry => entry.Type != "F32")).Select(static pair => pair.Parameter.Name)])
        {
            Origins = [.. model.Tensors.Select(tensor => loaded.GetValueOrDefault(tensor.Name) ?? new ParameterOrigin(tensor.Name, [], []))],
            FileTensors = TensorUses.Of(file, match),
        };
    }

    /// <summary>Returns the parameters with other shapes in the file.</summary>
    /// <param name="match">The comparison.</param>
    internal static ShapeMismatch[] Mismatches(CheckpointMatch match) =>
    [
        .. match.Mismatched.Select(static pair => new ShapeMismatch(pair.Parameter.Name, [.. pair.Parameter.Shape], [.. pair.Tensor.Source.Shape])
        {
            Origin = CheckpointMatch.Origin(pair.Parameter.Name, pair.Tensor),
        }),
    ];
}
