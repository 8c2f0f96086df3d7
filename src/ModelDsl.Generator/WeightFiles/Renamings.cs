using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.WeightFiles;

/// <summary>Finds a layer that was renamed: missing weights of one layer, and unexpected tensors of another with the same ends of names and the same shapes.</summary>
internal static class Renamings
{
    /// <summary>Returns the attribute that gives the former name of the first layer that lacks its weights; null if no other layer, or more than one, has them.</summary>
    /// <param name="missing">The parameters that the file lacks.</param>
    /// <param name="unexpected">The tensors that the model does not have.</param>
    public static string? Find(IReadOnlyList<ParameterNode> missing, IReadOnlyList<ListedTensor> unexpected)
    {
        var layer = LayerOf(missing[0].Name);
        if (layer.Length == 0) return null;
        var wanted = Weights(missing.Where(parameter => LayerOf(parameter.Name) == layer).Select(parameter => (parameter.Name, string.Join(",", parameter.Shape.Extents))));
        var similar = unexpected.GroupBy(tensor => LayerOf(tensor.Name))
            .Where(other => other.Key.Length > 0 && Weights(other.Select(tensor => (tensor.Name, string.Join(",", tensor.Shape)))).SetEquals(wanted)).ToList();
        return similar.Count == 1 ? $"{WeightAttributes.FormerlyKnownAs}(\"{similar[0].Key}\", Now = \"{layer}\")" : null;
    }

    private static string LayerOf(string name) => name.LastIndexOf('.') is var dot && dot < 0 ? "" : name.Substring(0, dot);

    private static HashSet<(string, string)> Weights(IEnumerable<(string Name, string Shape)> weights) =>
        [.. weights.Select(weight => (weight.Name.Substring(weight.Name.LastIndexOf('.') + 1), weight.Shape))];
}
