using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Tests.Corpus;

/// <summary>
/// What of the language and of the graph a model makes use of: layers, their arguments, scalar operations, and which kind of node reads which, for that is what
/// later passes tell apart. Only the lowered graph is examined, which is fast.
/// </summary>
internal static class Features
{
    private static readonly HashSet<string> Kinds = [.. LayerTable.All.Select(layer => layer.Kind)];

    /// <summary>The features of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="withDetails">Whether arguments of layers are features, and which kind of node reads which; otherwise only layers and kinds of nodes are.</param>
    public static IReadOnlySet<string> Of(CorpusModel model, bool withDetails)
    {
        var features = new HashSet<string> { $"form {model.Form}" };
        foreach (var layer in model.Spec.Layers.Concat(model.Spec.Blocks.SelectMany(block => block.Layers)))
        {
            features.Add(layer.Kind);
            if (withDetails) features.UnionWith(layer.Arguments.Select(argument => $"{layer.Kind} {argument.Name}"));
        }

        // A Forward has calls instead. The names of blocks say nothing.
        features.UnionWith(model.Lowered.Layers.Select(row => row.Kind.Split('(', '<')[0]).Where(Kinds.Contains));
        features.Add($"{Math.Min(model.Lowered.Inputs.Count, 3)} inputs");
        features.Add($"{Math.Min(model.Lowered.Losses.Count, 3)} losses");
        foreach (var loss in model.Lowered.Losses) Add(features, loss.Graph, withDetails);
        Add(features, model.Lowered.Infer!, withDetails);
        return features;
    }

    private static void Add(HashSet<string> features, ModelGraph graph, bool withDetails)
    {
        foreach (var node in graph.Nodes)
        {
            if (node is ScanNode scan)
            {
                var inside = new HashSet<string>();
                Add(inside, scan.Body.Graph, withDetails);
                features.UnionWith(inside.Select(feature => $"{feature} in a loop"));
            }

            features.Add(Kind(node));
            if (withDetails) features.UnionWith(node.Operands.Select(operand => $"{Kind(node)} reads {Kind(operand.Node)}"));
            if (node is MapNode map) features.UnionWith(ExprWalk.All(map.Body).OfType<Apply>().Select(apply => $"{apply.Op}"));
        }

        features.UnionWith(graph.Roots.Select(root => $"{root.Kind} is {Kind(root.Value)}"));
    }

    /// <summary>The kind of a node, and whether a sum runs over the samples or over windows.</summary>
    private static string Kind(Node node) => node switch
    {
        ReduceNode reduce => $"{reduce.Op}{(node.Domain.HasBatch && !node.Shape.HasBatch ? " over samples" : "")}",
        ContractNode => node.Operands.Any(operand => operand.Map.Coordinates.Any(coordinate => coordinate.Terms.Count > 1)) ? "Contract with windows" : "Contract",
        _ => node.GetType().Name,
    };
}
