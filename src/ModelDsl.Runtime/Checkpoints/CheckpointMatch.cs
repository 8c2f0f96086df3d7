using ModelDsl.Parameters;

namespace ModelDsl.Checkpoints;

/// <summary>The comparison of the tensors of a file with the parameters and states of a model.</summary>
/// <param name="Fitting">Pairs with equal names and shapes, whose values in the file are floats.</param>
/// <param name="Missing">Parameters that the file does not have.</param>
/// <param name="Unexpected">Tensors that the model does not have, with the model's prefix.</param>
/// <param name="Refused">The unexpected tensors that are not counters. A model has floats only; 64-bit integers of PyTorch, such as num_batches_tracked, are
/// counters, which no computation uses.</param>
/// <param name="Mismatched">Pairs with equal names and different shapes.</param>
/// <param name="NoFloats">Tensors whose values are not floats.</param>
/// <param name="Doubled">Tensors of the file whose name after renaming is already used by another tensor.</param>
internal sealed record CheckpointMatch(
    IReadOnlyList<(ParameterTensor Tensor, SafetensorsEntry Entry)> Fitting,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<string> Refused,
    IReadOnlyList<ShapeMismatch> Mismatched,
    IReadOnlyList<(string Name, string Type)> NoFloats,
    IReadOnlyList<(string First, string Second, string Name)> Doubled)
{
    /// <summary>Whether the file matches if no differences are allowed.</summary>
    public bool IsExact => Missing.Count + Refused.Count + Mismatched.Count + NoFloats.Count + Doubled.Count == 0;

    /// <summary>Matches a file with a model by names.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">How the names of the file are renamed.</param>
    /// <exception cref="ArgumentException">A rule of the options cannot be applied.</exception>
    public static CheckpointMatch Of(Model model, SafetensorsFile file, LoadOptions options)
    {
        RenameRules.Check(options.Rename);
        var tensors = new Dictionary<string, SafetensorsEntry>();
        var doubled = new List<(string, string, string)>();
        foreach (var entry in file.Entries)
        {
            if (!entry.Name.StartsWith(options.FilePrefix, StringComparison.Ordinal))
                continue;
            var name = options.Prefix + RenameRules.Apply(options.Rename, entry.Name[options.FilePrefix.Length..]);
            if (!tensors.TryAdd(name, entry))
                doubled.Add((tensors[name].Name, entry.Name, name));
        }

        var fitting = new List<(ParameterTensor, SafetensorsEntry)>();
        var missing = new List<string>();
        var mismatched = new List<ShapeMismatch>();
        var noFloats = new List<(string, string)>();
        foreach (var tensor in model.Tensors)
        {
            if (!tensors.Remove(tensor.Name, out var entry))
                missing.Add(tensor.Name);
            else if (!entry.IsFloat)
                noFloats.Add((tensor.Name, entry.Type));
            else if (!entry.Shape.SequenceEqual(tensor.Shape.Select(static extent => (long)extent)))
                mismatched.Add(new ShapeMismatch(tensor.Name, [.. tensor.Shape], [.. entry.Shape]));
            else
                fitting.Add((tensor, entry));
        }

        string[] refused = [.. tensors.Where(static tensor => !tensor.Value.IsCounter).Select(static tensor => tensor.Key)];
        return new CheckpointMatch(fitting, missing, [.. tensors.Keys], refused, mismatched, noFloats, doubled);
    }
}
