using System.Text;
using System.Text.RegularExpressions;
using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>
/// Pairs layers of a file with layers of a model that have tensors of the same shapes. First it pairs names that differ in letter case or in the terms of
/// frameworks (<c>conv2d1</c>, <c>fc1</c>, <c>bn1</c>). If the same number of layers with the same shapes remains on both sides, it pairs them in their order.
/// </summary>
internal static partial class LayerPairs
{
    // The names of frameworks for the kinds of layers, without numbers.
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["fc"] = "dense",
        ["linear"] = "dense",
        ["lin"] = "dense",
        ["conv2d"] = "conv",
        ["conv1d"] = "conv",
        ["convolution"] = "conv",
        ["convtranspose2d"] = "convtranspose",
        ["deconv"] = "convtranspose",
        ["upconv"] = "convtranspose",
        ["bn"] = "batchnorm",
        ["batchnorm1d"] = "batchnorm",
        ["batchnorm2d"] = "batchnorm",
        ["batchnormalization"] = "batchnorm",
        ["ln"] = "layernorm",
        ["layernormalization"] = "layernorm",
        ["gn"] = "groupnorm",
        ["emb"] = "embedding",
        ["embed"] = "embedding",
        ["embeddings"] = "embedding",
    };

    // The names of other frameworks for the tensors of a layer; their shapes are the same.
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["gamma"] = "weight",
        ["beta"] = "bias",
        ["moving_mean"] = "running_mean",
        ["moving_variance"] = "running_var",
    };

    /// <summary>Returns rules that rename the layers of the file; none if no layers match.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tensors">The tensors of the file.</param>
    /// <returns>The rules, and whether some layers were matched by shape and order alone.</returns>
    public static (IReadOnlyList<(string From, string To)> Rules, bool ByShape) Rules(Model model, IReadOnlyList<NamedTensor> tensors)
    {
        var inModel = Layers(model.Tensors.Select(static tensor => (tensor.Name, string.Join(",", tensor.Shape))));
        var inFile = Layers(tensors.Where(static tensor => tensor.Source.Entries.All(static entry => entry.IsFloat)).Select(static tensor => (tensor.Name, string.Join(",", tensor.Source.Shape))));
        inFile.Sort(static (a, b) => CompareNatural(a.Name, b.Name));
        Layer[] order = [.. inModel];
        var pairs = new List<(Layer File, Layer Model)>();

        // Layers with the same name on both sides are paired first, so that they are not paired with others.
        Take(static (a, b) => a.Name == b.Name);
        Take(static (a, b) => Plain(a.Name) == Plain(b.Name));
        Take(static (a, b) => Plain(Last(a.Name)) == Plain(Last(b.Name)));
        var named = pairs.Count;
        TakeByShape();

        // The first rule that matches is applied, so rules for nested layers come first.
        var rules = pairs.OrderByDescending(static pair => pair.File.Name.Count('.')).ThenBy(pair => Array.IndexOf(order, pair.Model))
            .SelectMany(RulesOf).Where(static rule => rule.From != rule.To);
        return ([.. rules], pairs.Count > named);

        void Take(Func<Layer, Layer, bool> areAlike)
        {
            foreach (var wanted in inModel.ToArray())
            {
                var found = inFile.FindAll(layer => areAlike(layer, wanted) && layer.Holds(wanted));
                if (found.Count != 1)
                    continue;
                pairs.Add((found[0], wanted));
                inFile.Remove(found[0]);
                inModel.Remove(wanted);
            }
        }

        void TakeByShape()
        {
            foreach (var same in inModel.GroupBy(static layer => layer.Signature).ToArray())
            {
                var found = inFile.FindAll(layer => layer.Signature == same.Key);
                if (found.Count == same.Count())
                    pairs.AddRange(found.Zip(same));
            }
        }
    }

    private static IEnumerable<(string From, string To)> RulesOf((Layer File, Layer Model) pair) => pair.File.IsRenamedInside || pair.File.Name.Length * pair.Model.Name.Length == 0
        ? pair.Model.Tensors.Keys.Select(role => (pair.File.NameOf(role), pair.Model.NameOf(role)))
        : [(pair.File.Name, pair.Model.Name)];

    /// <summary>Groups tensors by their names up to the last dot. A tensor without a dot is a separate layer.</summary>
    private static List<Layer> Layers(IEnumerable<(string Name, string Shape)> tensors)
    {
        var layers = new Dictionary<string, Layer>(StringComparer.Ordinal);
        foreach (var (name, shape) in tensors)
        {
            var dot = name.LastIndexOf('.') + 1;
            var key = dot == 0 ? "\0" + name : name[..dot];
            if (!layers.TryGetValue(key, out var layer))
                layers.Add(key, layer = new Layer(name[..dot]));
            layer.Add(name[dot..], shape);
        }

        return [.. layers.Values];
    }

    /// <summary>Returns a name in lower case, with one term for each kind of layer and without separators inside a part.</summary>
    private static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var part in name.TrimEnd('.').Split('.'))
        {
            var word = part.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
            var number = Number().Match(word).Value;
            var kind = word[..^number.Length];
            kind = Kinds.GetValueOrDefault(kind, kind);
            plain.Append(kind).Append(number).Append('.');
        }

        return plain.ToString();
    }

    private static string Last(string name)
    {
        var trimmed = name.TrimEnd('.');
        return trimmed[(trimmed.LastIndexOf('.') + 1)..];
    }

    /// <summary>Compares names with the numbers in them as numbers: <c>layers.10</c> comes after <c>layers.2</c>.</summary>
    private static int CompareNatural(string a, string b) => string.CompareOrdinal(Padded(a), Padded(b));

    private static string Padded(string name) => Digits().Replace(name, static number => number.Value.PadLeft(12, '0'));

    [GeneratedRegex("[0-9]*$")]
    private static partial Regex Number();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    /// <summary>The tensors of a layer.</summary>
    /// <param name="name">The prefix of the tensors' names, including the dot; empty for a tensor without a layer.</param>
    private sealed class Layer(string name)
    {
        private readonly Dictionary<string, string> written = [];

        public string Name => name;

        /// <summary>The shapes, by role.</summary>
        public Dictionary<string, string> Tensors { get; } = [];

        /// <summary>Whether the tensors have the names of another framework.</summary>
        public bool IsRenamedInside => written.Any(static pair => pair.Key != pair.Value);

        /// <summary>Roles and shapes as one text. For a tensor without a layer, only its shape.</summary>
        public string Signature => string.Join(";", Tensors.OrderBy(static tensor => tensor.Key, StringComparer.Ordinal).Select(tensor => $"{(name.Length == 0 ? "" : tensor.Key)}[{tensor.Value}]"));

        public void Add(string role, string shape)
        {
            var known = name.Length == 0 ? role : Roles.GetValueOrDefault(role, role);
            Tensors[known] = shape;
            written[known] = role;
        }

        /// <summary>Returns the full name of a tensor. A layer without a name has only one tensor.</summary>
        public string NameOf(string role) => name + (written.TryGetValue(role, out var found) ? found : written.Values.First());

        /// <summary>Whether this layer has all tensors of another layer, with the same shapes.</summary>
        public bool Holds(Layer other) => other.Tensors.All(tensor => Tensors.TryGetValue(tensor.Key, out var shape) && shape == tensor.Value);
    }
}
