using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>What the tensors of a file were used for.</summary>
internal static class TensorUses
{
    /// <summary>Returns the use of each tensor of a file, in its order.</summary>
    /// <param name="file">The file.</param>
    /// <param name="match">The comparison of the file with a model.</param>
    public static IReadOnlyList<TensorUse> Of(SafetensorsFile file, CheckpointMatch match)
    {
        var parameters = file.Entries.ToDictionary(static entry => entry, static _ => new List<string>());
        var reasons = new Dictionary<SafetensorsEntry, string>();
        foreach (var (parameter, tensor) in match.Fitting)
        {
            foreach (var entry in tensor.Source.Entries)
                parameters[entry].Add(parameter.Name);
        }

        foreach (var entry in match.Outside)
            reasons[entry] = "does not begin with FilePrefix";
        foreach (var (tensor, reason) in match.Tensors.Ignored)
            Explain(tensor, reason);
        foreach (var tensor in match.Unexpected)
            Explain(tensor, match.Refused.Contains(tensor) ? $"the model has no '{tensor.Name}'" : "a counter");
        foreach (var (parameter, tensor) in match.Mismatched)
            Explain(tensor, $"'{parameter.Name}' has another shape");
        return [.. file.Entries.Select(entry => new TensorUse(entry, parameters[entry], parameters[entry].Count > 0 ? "" : reasons.GetValueOrDefault(entry, "a rule has used no part of it")))];

        void Explain(NamedTensor tensor, string reason)
        {
            foreach (var entry in tensor.Source.Entries)
                reasons[entry] = reason;
        }
    }
}
