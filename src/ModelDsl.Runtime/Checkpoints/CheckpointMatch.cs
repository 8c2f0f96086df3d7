using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>The comparison of the tensors of a file with the parameters and states of a model.</summary>
/// <param name="Tensors">The tensors of the file after the rules, with the problems of rules.</param>
/// <param name="Outside">Tensors of the file without its prefix, which are ignored.</param>
/// <param name="Fitting">Pairs with equal names and shapes, whose values in the file are floats.</param>
/// <param name="Missing">Parameters that the file does not have.</param>
/// <param name="Unexpected">Tensors that the model does not have, with the model's prefix.</param>
/// <param name="Refused">The unexpected tensors that are not counters. A model has floats only; 64-bit integers of PyTorch, such as num_batches_tracked, are
/// counters, which no computation uses.</param>
/// <param name="Mismatched">Pairs with equal names and different shapes.</param>
/// <param name="NoFloats">Tensors whose values are not floats.</param>
/// <param name="Doubled">Tensors of the file whose name after the rules is already used by another tensor.</param>
internal sealed record CheckpointMatch(
    TensorSet Tensors,
    IReadOnlyList<SafetensorsEntry> Outside,
    IReadOnlyList<(ParameterTensor Parameter, NamedTensor Tensor)> Fitting,
    IReadOnlyList<ParameterTensor> Missing,
    IReadOnlyList<NamedTensor> Unexpected,
    IReadOnlyList<NamedTensor> Refused,
    IReadOnlyList<(ParameterTensor Parameter, NamedTensor Tensor)> Mismatched,
    IReadOnlyList<(string Name, string Type)> NoFloats,
    IReadOnlyList<(NamedTensor First, NamedTensor Second)> Doubled)
{
    /// <summary>Matches a file with a model by names.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">How the tensors of the file are converted.</param>
    /// <exception cref="ArgumentException">A rule of the options cannot be applied.</exception>
    public static CheckpointMatch Of(Model model, SafetensorsFile file, LoadOptions options)
    {
        RenameRules.Check(options.Rename);
        var set = Converted(file, options);
        var tensors = new Dictionary<string, NamedTensor>();
        var doubled = new List<(NamedTensor, NamedTensor)>();
        var former = FormerNames.Of(model);
        string NameOf(NamedTensor tensor) => options.Prefix + RenameRules.Apply(options.Rename, tensor.Name);
        var given = set.Tensors.Select(NameOf).ToHashSet();
        foreach (var tensor in set.Tensors)
        {
            // A tensor under a former name is not used if the file has the present name too.
            var name = NameOf(tensor);
            var present = former.Present(name);
            var named = tensor with { Name = given.Contains(present) ? name : present };
            if (!tensors.TryAdd(named.Name, named))
                doubled.Add((tensors[named.Name], named));
        }

        var fitting = new List<(ParameterTensor, NamedTensor)>();
        var missing = new List<ParameterTensor>();
        var mismatched = new List<(ParameterTensor, NamedTensor)>();
        var noFloats = new List<(string, string)>();
        foreach (var parameter in model.Tensors)
        {
            if (!tensors.Remove(parameter.Name, out var tensor))
                missing.Add(parameter);
            else if (tensor.Source.Entries.FirstOrDefault(static entry => !entry.IsFloat) is { } entry)
                noFloats.Add((parameter.Name, entry.Type));
            else if (!tensor.Source.Shape.SequenceEqual(parameter.Shape.Select(static extent => (long)extent)))
                mismatched.Add((parameter, tensor));
            else
                fitting.Add((parameter, tensor));
        }

        NamedTensor[] refused = [.. tensors.Values.Where(static tensor => !tensor.Source.Entries.All(static entry => entry.IsCounter))];
        var outside = file.Entries.Where(entry => !entry.Name.StartsWith(options.FilePrefix, StringComparison.Ordinal));
        return new CheckpointMatch(set, [.. outside], fitting, missing, [.. tensors.Values], refused, mismatched, noFloats, doubled);
    }

    /// <summary>Returns the tensors of a file after <see cref="LoadOptions.Rules"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">The prefix in the file, and the rules.</param>
    public static TensorSet Converted(SafetensorsFile file, LoadOptions options)
    {
        var set = new TensorSet(file.Entries.Where(entry => entry.Name.StartsWith(options.FilePrefix, StringComparison.Ordinal))
            .Select(entry => new NamedTensor(entry.Name[options.FilePrefix.Length..], new FileSource(entry, file), [])));
        set.Apply(options.Rules);
        return set;
    }

    /// <summary>Returns where the values of a parameter come from.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="tensor">The tensor after the rules.</param>
    public static ParameterOrigin Origin(string name, NamedTensor tensor) => new(name, [.. tensor.Source.Entries], tensor.Rules);
}
