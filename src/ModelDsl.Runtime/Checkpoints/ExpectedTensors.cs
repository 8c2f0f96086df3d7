using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>The tensors that a file needs for parameters, by the names of the file: the rules of <see cref="LoadOptions.Rules"/> applied the other way.</summary>
internal sealed class ExpectedTensors
{
    private readonly IReadOnlyList<TensorRule>? inverse;
    private readonly string prefix;

    /// <summary>Finds the rules from the model to the file. Some rules, such as slices, have no inverse: then nothing is known about the names.</summary>
    /// <param name="options">The options.</param>
    public ExpectedTensors(LoadOptions options)
    {
        prefix = options.Prefix;
        if (options.Rules.Count == 0 || options.Rename.Count > 0)
            return;
        try
        {
            inverse = TensorRule.Inverse(options.Rules);
        }
        catch (ArgumentException)
        {
            // The message is shorter then.
        }
    }

    /// <summary>Returns the names and shapes in the file, for messages; empty if they are not known, or the name is that of the model.</summary>
    /// <param name="parameter">The parameter.</param>
    public string Of(ParameterTensor parameter)
    {
        if (inverse is null || !parameter.Name.StartsWith(prefix, StringComparison.Ordinal))
            return "";
        var name = parameter.Name[prefix.Length..];
        var set = new TensorSet([new NamedTensor(name, new StoredSource(new SafetensorsEntry(name, "F32", [.. parameter.Shape.Select(static extent => (long)extent)], 0, 0), static _ => { }), [])]);
        set.Apply(inverse);
        return set.Problems.Count > 0 || set.Tensors.All(tensor => tensor.Name == name) ? "" : string.Join(", ", set.Tensors);
    }
}
