using System.Globalization;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Recompute;

/// <summary>A use of a block whose activations are not kept for the backward pass.</summary>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Output">Its output.</param>
internal sealed record RecomputedBlock(IReadOnlyList<Node> Inputs, Node Output)
{
    /// <summary>The gradient of the output; null before differentiation, and if there is none.</summary>
    public Node? Gradient { get; init; }

    /// <summary>Returns marks for the blocks that a graph needs. They have the index of their block as name.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="roots">The roots of the graph.</param>
    public static IEnumerable<Root> Marks(IReadOnlyList<RecomputedBlock> blocks, IReadOnlyList<Root> roots)
    {
        if (blocks.Count == 0) return [];

        // A block in the step of a loop over time is not among the nodes of the graph: the gradient of the loop decides what it keeps.
        var needed = new HashSet<Node>(ModelGraph.Sort(roots.Select(root => root.Value)));
        return blocks.Where(block => needed.Contains(block.Output)).SelectMany((block, index) => Marks(block, index.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Returns a mark for the gradient of each block that has one.</summary>
    /// <param name="graph">A graph with marks.</param>
    /// <param name="gradients">The gradients of nodes.</param>
    public static IEnumerable<Root> GradientMarks(ModelGraph graph, IReadOnlyDictionary<Node, Node> gradients)
    {
        foreach (var root in graph.Roots.Where(root => root.Kind == RootKind.RecomputedOutput))
        {
            // Readers of a view or reshape at the end of a block may read its operand instead.
            var output = root.Value;
            while (!gradients.ContainsKey(output) && output.Operands.Count == 1 && Aliases.IsAlias(output)) output = output.Operands[0].Node;
            if (gradients.TryGetValue(output, out var gradient)) yield return new(RootKind.RecomputedGradient, root.Name, gradient);
        }
    }

    /// <summary>Returns a graph without its marks.</summary>
    public static ModelGraph WithoutMarks(ModelGraph graph) => graph.Roots.Any(root => root.IsMark) ? new([.. graph.Roots.Where(root => !root.IsMark)]) : graph;

    /// <summary>Returns the blocks that the marks of a graph describe.</summary>
    public static IReadOnlyList<RecomputedBlock> Of(ModelGraph graph) =>
    [
        .. graph.Roots.Where(root => root.IsMark).GroupBy(root => root.Name).Select(marks => new RecomputedBlock(
            [.. marks.Where(mark => mark.Kind == RootKind.RecomputedInput).Select(mark => mark.Value)], marks.Single(mark => mark.Kind == RootKind.RecomputedOutput).Value)
        {
            Gradient = marks.SingleOrDefault(mark => mark.Kind == RootKind.RecomputedGradient)?.Value,
        }),
    ];

    private static IEnumerable<Root> Marks(RecomputedBlock block, string name) =>
        [.. block.Inputs.Select(input => new Root(RootKind.RecomputedInput, name, input)), new Root(RootKind.RecomputedOutput, name, block.Output)];
}
