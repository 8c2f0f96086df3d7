using ModelDsl.Parameters;

namespace ModelDsl.Checkpoints;

/// <summary>Which tensors of a file belong to which parameters and states of a model.</summary>
/// <param name="Fitting">Pairs of equal names and shapes, with floats in the file.</param>
/// <param name="Missing">Parameters the file lacks.</param>
/// <param name="Unexpected">Tensors the model lacks, under the model's prefix.</param>
/// <param name="Refused">Those of them that are no counters. A model has floats only; PyTorch's 64-bit integers, such as num_batches_tracked, count
/// something, and nothing computes with them.</param>
/// <param name="Mismatched">Pairs of equal names and other shapes.</param>
/// <param name="NoFloats">Tensors that hold something else than floats.</param>
/// <param name="Doubled">Tensors of the file that rules give a name which another one has already.</param>
internal sealed record CheckpointMatch(
    IReadOnlyList<(ParameterTensor Tensor, SafetensorsEntry Entry)> Fitting,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<string> Refused,
    IReadOnlyList<ShapeMismatch> Mismatched,
    IReadOnlyList<(string Name, string Type)> NoFloats,
    IReadOnlyList<(string First, string Second, string Name)> Doubled)
{
    /// <summary>Whether options without permissions would take the file.</summary>
    public bool IsExact => Missing.Count + Refused.Count + Mismatched.Count + NoFloats.Count + Doubled.Count == 0;

    /// <summary>Matches by name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">What its names become.</param>
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
