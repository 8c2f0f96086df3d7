using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Checkpoints;

/// <summary>Recognizes files of Hugging Face by their names, and finds the arguments of <see cref="HuggingFaceRules"/> in a model by names and shapes.</summary>
internal static partial class PresetSuggestion
{
    private const string Attention = ".self_attn.in_proj_weight";

    /// <summary>Returns the call that gives the rules for a file, and the rules; null if the file is not one of Hugging Face.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    public static (string Text, IReadOnlyList<TensorRule> Rules)? Find(Model model, SafetensorsFile file)
    {
        if (Table(file, "wte.weight") is { } words && Table(file, "wpe.weight") is { } context)
        {
            var found = model.Tensors.Where(tensor => HasShape(tensor, words)).ToArray();
            var names = new Arguments("Gpt2");
            return names.Call(HuggingFaceRules.Gpt2(
                names.Add("tokens", found.FirstOrDefault()?.Name, "embedding1.weight"),
                names.Add("positions", model.Tensors.FirstOrDefault(tensor => HasShape(tensor, context) && !found.Take(2).Contains(tensor))?.Name, "positionalEmbedding1.weight"),
                names.Add("layer", Layer(model), "transformerEncoder#+1"),
                names.Add("norm", Norms(model).LastOrDefault(), "layerNorm1"),
                found.Length > 1 ? names.Add("head", found[1].Name, "") : null));
        }

        if (Table(file, "embeddings.word_embeddings.weight") is { } tokens && Table(file, "embeddings.position_embeddings.weight") is { } positions
            && Table(file, "embeddings.token_type_embeddings.weight") is { } segments)
        {
            var names = new Arguments("Bert");
            return names.Call(HuggingFaceRules.Bert(
                names.Add("tokens", model.Tensors.FirstOrDefault(tensor => HasShape(tensor, tokens))?.Name, "embedding1.weight"),
                names.Add("segments", model.Tensors.FirstOrDefault(tensor => HasShape(tensor, segments))?.Name, "embedding2.weight"),
                names.Add("positions", model.Tensors.FirstOrDefault(tensor => HasShape(tensor, positions))?.Name, "positionalEmbedding1.weight"),
                names.Add("norm", Norms(model).FirstOrDefault(), "layerNorm1"),
                names.Add("layer", Layer(model), "transformerEncoder#+1")));
        }

        return null;
    }

    /// <summary>Returns the shape of a table of the file, with or without a beginning of its name.</summary>
    private static IReadOnlyList<long>? Table(SafetensorsFile file, string name) =>
        file.Entries.FirstOrDefault(entry => entry.Name == name || entry.Name.EndsWith("." + name, StringComparison.Ordinal))?.Shape;

    private static bool HasShape(ParameterTensor tensor, IReadOnlyList<long> shape) => tensor.Shape.Select(static extent => (long)extent).SequenceEqual(shape);

    /// <summary>The names of normalizations that are not parts of a layer with attention.</summary>
    private static IEnumerable<string> Norms(Model model)
    {
        const string Weight = ".weight";
        var layers = Layers(model);
        return model.Tensors.Where(tensor => tensor.Shape.Count == 1 && tensor.Name.EndsWith(Weight, StringComparison.Ordinal))
            .Select(static tensor => tensor.Name[..^Weight.Length]).Where(name => !Array.Exists(layers, layer => name.StartsWith(layer + ".", StringComparison.Ordinal)));
    }

    private static string[] Layers(Model model) =>
        [.. model.Tensors.Where(static tensor => tensor.Name.EndsWith(Attention, StringComparison.Ordinal)).Select(static tensor => tensor.Name[..^Attention.Length])];

    /// <summary>Returns the names of the layers with attention as one name, in which <c>#</c> is the number that differs; null if there are none.</summary>
    private static string? Layer(Model model)
    {
        var layers = Layers(model);
        if (layers.Length == 0)
            return null;
        foreach (Match number in Number().Matches(layers[0]))
        {
            var (before, after) = (layers[0][..number.Index], layers[0][(number.Index + number.Length)..]);
            if (!int.TryParse(number.Value, CultureInfo.InvariantCulture, out var first) || !layers.Index().All(layer => layer.Item == string.Create(CultureInfo.InvariantCulture, $"{before}{first + layer.Index}{after}")))
                continue;
            return $"{before}#{(first == 0 ? "" : "+" + first.ToString(CultureInfo.InvariantCulture))}{after}";
        }

        return null;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    /// <summary>The arguments of a call.</summary>
    /// <param name="method">The method of <see cref="HuggingFaceRules"/>.</param>
    private sealed class Arguments(string method)
    {
        private readonly List<string> written = [];

        /// <summary>Returns an argument: the name that was found, or else the default value, which is not written.</summary>
        public string Add(string parameter, string? name, string otherwise)
        {
            if (name is not null && name != otherwise)
                written.Add($"{parameter}: \"{name}\"");
            return name ?? otherwise;
        }

        public (string Text, IReadOnlyList<TensorRule> Rules) Call(IReadOnlyList<TensorRule> rules) => ($"HuggingFaceRules.{method}({string.Join(", ", written)})", rules);
    }
}
