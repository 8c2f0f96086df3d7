using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>Saves a model, with the names and shapes that rules make.</summary>
internal static class ModelSaver
{
    /// <summary>Writes the parameters and states of a model. The caller must have access to the model.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="model">The model.</param>
    /// <param name="rules">The rules, from the model to the file.</param>
    /// <exception cref="ArgumentException">A rule cannot be applied, or two tensors would have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public static void Save(string path, Model model, IReadOnlyList<TensorRule> rules)
    {
        var set = new TensorSet(model.Tensors.Select(static tensor =>
            new NamedTensor(tensor.Name, new StoredSource(new SafetensorsEntry(tensor.Name, "F32", [.. tensor.Shape.Select(static extent => (long)extent)], 0, 0), tensor.ReadAll), [])));
        set.Apply(rules);
        string[] problems = [.. set.Problems, .. set.Tensors.GroupBy(static tensor => tensor.Name).Where(static same => same.Count() > 1).Select(static same => $"{same.Count()} tensors would have the name '{same.Key}'")];
        if (problems.Length > 0)
            throw new ArgumentException($"{model.Description.Name} cannot be saved with these rules: {string.Join("; ", problems)}.", nameof(rules));
        SafetensorsWriter.Write(path, model.Description.Name, [.. set.Tensors.Select(static tensor => new FloatsContent(tensor.Name, [.. tensor.Source.Shape.Select(static extent => (int)extent)], tensor.Source.Fill))]);
    }
}
