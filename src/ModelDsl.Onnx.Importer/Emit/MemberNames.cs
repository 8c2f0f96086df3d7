using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Emit;

/// <summary>Names of layers, properties and functions: those of the file as identifiers, each once.</summary>
/// <param name="model">The name of the class.</param>
internal sealed class MemberNames(string model)
{
    /// <summary>The types that the source names, and the members of all models: what has one of these names hides them.</summary>
    private static readonly string[] Reserved =
    [
        "Tensor", "Padding", "Interpolation", "Model",
        "Forward", "FromWeights", "FromFile", "Description", "Device", "Seed", "Parameters", "States", "Gradients", "LastLoss", "LastOutputs", "BatchCapacity", "Backward", "EnsureBatchCapacity", "Summary",
        "Infer", "Predict", "PredictClass", "Load", "Save", "UndoStep", "Dispose", "BeginPrediction", "BeginSession", "BeginEncoding", "PartOf", "PredictFloats", "PredictTokens", "OnDevice", "Tensors", "Updatable", "Read", "Write", "Updated",
        "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString",
    ];

    private static readonly string[] Endings = [".weight", ".bias", "_weight", "_bias", ".kernel", "_W", "_B", "/kernel", "/bias"];

    // Names are the same if they differ only in the case of letters or in underscores: members that are generated from them may leave these out.
    private readonly HashSet<string> taken = [.. Reserved.Concat([ClassWriter.Field, model, model + "Block"]).Select(Plain)];
    private readonly Dictionary<string, string> functions = [];

    /// <summary>Takes the name of an input, which a layer or a weight of the same model must not have.</summary>
    public void Reserve(string input) => taken.Add(Plain(input));

    /// <summary>Returns the name of a layer.</summary>
    /// <param name="node">The name of its node.</param>
    /// <param name="constants">The constants that its weights are from.</param>
    public string Layer(string node, IEnumerable<Constant> constants)
    {
        foreach (var source in constants.Select(constant => constant.Source))
        {
            if (Array.Find(Endings, ending => source.EndsWith(ending, StringComparison.Ordinal)) is { } ending && source.Length > ending.Length)
                return Unique(Identifier.Of(source[..^ending.Length]));
        }

        return Unique(Identifier.Of(node));
    }

    /// <summary>Returns the name of a property with a weight, and of the weight.</summary>
    public (string Name, string Weight) Property(string source)
    {
        var weight = Unique(Identifier.Of(source));
        var name = char.ToUpperInvariant(weight[0]) + weight[1..];
        return (name == weight ? name + "Weight" : name, weight);
    }

    /// <summary>Returns a function of a single number as a member. The same function is the same member.</summary>
    /// <param name="name">The name it should have.</param>
    /// <param name="body">The expression of x, or statements.</param>
    public Member Function(string name, string body)
    {
        if (!functions.TryGetValue(body, out var known))
        {
            known = Unique(Identifier.Pascal(name));
            functions.Add(body, known);
        }

        // A project can have types and namespaces with the names of those of .NET.
        body = body.Replace("MathF.", "global::System.MathF.", StringComparison.Ordinal);
        var isExpression = !body.Contains(';', StringComparison.Ordinal);
        var content = isExpression ? $" => {body};" : $"\n    {{\n{string.Join('\n', body.Split('\n').Select(line => "        " + line))}\n    }}";
        return new(known, $"    private static float {known}(float x){content}");
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private string Unique(string name)
    {
        var (unique, number) = (name, 1);
        while (!taken.Add(Plain(unique)))
            unique = $"{name}_{++number}";
        return unique;
    }
}
