namespace ModelDsl.Checkpoints;

/// <summary>Matches a file with a model, says all that differs, and only then changes anything.</summary>
internal static class CheckpointLoader
{
    /// <summary>Differences listed by name; beyond that, only their number.</summary>
    private const int Listed = 20;

    /// <summary>Sets a model's parameters and states from a file. The caller has the model to itself.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">How to match.</param>
    /// <exception cref="CheckpointMismatchException">They do not match; the model is unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read; the model is unchanged.</exception>
    public static LoadReport Load(Model model, SafetensorsFile file, LoadOptions options)
    {
        var tensors = Names(file, options);
        var known = model.Tensors.ToDictionary(static tensor => tensor.Name);
        var missing = known.Keys.Where(name => !tensors.ContainsKey(name)).ToArray();
        var unexpected = tensors.Keys.Where(name => !known.ContainsKey(name)).ToArray();
        var matched = known.Values.Where(tensor => tensors.ContainsKey(tensor.Name)).Select(tensor => (Tensor: tensor, Entry: tensors[tensor.Name])).ToArray();

        var differences = new List<string>();
        foreach (var (tensor, entry) in matched)
        {
            if (!entry.IsFloat)
                differences.Add($"'{tensor.Name}' has type {entry.Type} in the file, but the model needs floats");
            else if (!entry.Shape.SequenceEqual(tensor.Shape.Select(static extent => (long)extent)))
                differences.Add($"'{tensor.Name}' is [{string.Join(", ", entry.Shape)}] in the file, but [{string.Join(", ", tensor.Shape)}] in the model");
        }

        if (!options.AllowMissing)
            differences.AddRange(missing.Select(static name => $"'{name}' is missing in the file"));
        if (!options.AllowUnexpected)
        {
            // A model has floats only. PyTorch's 64-bit integers are counters, such as num_batches_tracked, and nothing computes with them.
            differences.AddRange(unexpected.Where(name => !tensors[name].IsCounter).Select(static name => $"'{name}' is in the file, but not in the model"));
        }
        if (differences.Count > 0)
            throw new CheckpointMismatchException(Message(model, file, differences));

        // Everything is read before anything is set: a file that cannot be read to its end changes nothing.
        var values = new float[matched.Length][];
        for (var i = 0; i < matched.Length; i++)
        {
            values[i] = new float[matched[i].Tensor.Count];
            file.Read(matched[i].Entry, values[i]);
        }

        for (var i = 0; i < matched.Length; i++)
            matched[i].Tensor.WriteAll(values[i]);

        return new LoadReport(
            [.. matched.Select(static m => m.Tensor.Name)],
            missing,
            unexpected,
            [.. matched.Where(static m => m.Entry.Type != "F32").Select(static m => m.Tensor.Name)]);
    }

    private static Dictionary<string, SafetensorsEntry> Names(SafetensorsFile file, LoadOptions options)
    {
        var names = new Dictionary<string, SafetensorsEntry>();
        foreach (var entry in file.Entries)
        {
            if (entry.Name.StartsWith(options.FilePrefix, StringComparison.Ordinal))
                names.Add(options.Prefix + entry.Name[options.FilePrefix.Length..], entry);
        }

        return names;
    }

    private static string Message(Model model, SafetensorsFile file, List<string> differences)
    {
        var lines = differences.Take(Listed).Select(static difference => $"\n  {difference}");
        var more = differences.Count > Listed ? $"\n  and {differences.Count - Listed} more" : "";
        return $"'{file.Path}' does not hold the parameters of {model.Description.Name}:{string.Concat(lines)}{more}";
    }
}
