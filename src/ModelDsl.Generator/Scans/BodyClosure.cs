using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Scans;

/// <summary>
/// Builds a loop from nodes that depend on the values of a step and on values outside. The values from outside become operands. Random numbers that are drawn in a step become
/// elements of a sequence, indexed by the step.
/// </summary>
/// <param name="name">The name of the loop.</param>
/// <param name="steps">The number of steps.</param>
internal sealed class BodyClosure(string name, int steps)
{
    private readonly List<(LoopValueNode Value, Node Start)> carried = [];
    private readonly List<(LoopValueNode Value, Node Elements)> sequences = [];
    private readonly List<(LoopValueNode Value, Node Outside)> invariants = [];
    private readonly Dictionary<Node, Node> inside = [];

    /// <summary>Whether random numbers are drawn again in each step. Otherwise they are drawn once, outside the loop.</summary>
    public Func<RandomNode, bool> IsDrawnInside { get; init; } = _ => false;

    /// <summary>Whether the loop starts with the last element of each sequence.</summary>
    public bool IsReversed { get; init; }

    /// <summary>Adds a carried value.</summary>
    public LoopValueNode Carry(string what, Node start)
    {
        var value = new LoopValueNode(what, start.Shape);
        carried.Add((value, start));
        inside.Add(value, value);
        return value;
    }

    /// <summary>Adds a sequence and returns the element that a step reads.</summary>
    public LoopValueNode Element(string what, Node elements)
    {
        var value = new LoopValueNode(what, TimeAxis.Remove(elements.Shape), elements.Type);
        sequences.Add((value, elements));
        inside.Add(value, value);
        return value;
    }

    /// <summary>Sets the replacement for a node of another body.</summary>
    public void Know(Node node, Node here) => inside[node] = here;

    /// <summary>Adds a node of another body as an element of a sequence or as a value from outside.</summary>
    /// <param name="node">The node.</param>
    /// <param name="outside">The sequence or the value.</param>
    /// <param name="isSequence">Whether it is a sequence.</param>
    public void Give(Node node, Node outside, bool isSequence)
    {
        if (inside.ContainsKey(node)) return;
        inside[node] = isSequence
            ? Known(sequences, outside) ?? Element(node.Name, outside)
            : Known(invariants, outside) ?? Invariant(node.Name, outside);
    }

    /// <summary>Builds the loop.</summary>
    /// <param name="next">The next values of the carried values.</param>
    /// <param name="outputs">The values that are kept from each step.</param>
    /// <param name="totals">The values that are summed over the steps.</param>
    public ScanNode Close(IReadOnlyList<Node> next, IReadOnlyList<Node> outputs, IReadOnlyList<Node> totals)
    {
        var order = ModelGraph.Sort([.. next, .. outputs, .. totals], [.. inside.Keys]);
        var varying = new HashSet<Node>(inside.Keys);
        foreach (var node in order)
        {
            if (node is RandomNode draws ? IsDrawnInside(draws) : node.Operands.Any(operand => varying.Contains(operand.Node))) varying.Add(node);
        }

        foreach (var node in order)
        {
            if (node is RandomNode draws && varying.Contains(node)) inside[node] = Element(node.Name, new RandomNode(node.Name, TimeAxis.Insert(node.Shape, steps), draws.Stream));
            else if (varying.Contains(node)) inside[node] = Rebuilt(node);
        }

        IReadOnlyList<Node> All(IReadOnlyList<Node> roots) => [.. roots.Select(Inside)];
        var (nextInside, outputsInside, totalsInside) = (All(next), All(outputs), All(totals));
        var body = new ScanBody(
            [.. carried.Select(pair => pair.Value)], [.. sequences.Select(pair => pair.Value)], [.. invariants.Select(pair => pair.Value)], nextInside, outputsInside, totalsInside);
        return GraphBuilder.Scan(
            name, steps, IsReversed, body, [.. carried.Select(pair => pair.Start), .. sequences.Select(pair => pair.Elements), .. invariants.Select(pair => pair.Outside)]);
    }

    private Node Rebuilt(Node node) => node.Operands.All(operand => ReferenceEquals(Inside(operand.Node), operand.Node))
        ? node
        : node.With([.. node.Operands.Select(operand => operand with { Node = Inside(operand.Node) })]);

    /// <summary>The replacement for a node in the body. Literals are copied; values that do not depend on the step become operands.</summary>
    private Node Inside(Node node)
    {
        if (inside.TryGetValue(node, out var known)) return known;
        return inside[node] = node is MapNode { Operands.Count: 0 } ? node : Invariant(node.Name, node);
    }

    private LoopValueNode Invariant(string what, Node outside)
    {
        var value = new LoopValueNode(what, outside.Shape, outside.Type);
        invariants.Add((value, outside));
        inside[value] = value;
        return value;
    }

    private static LoopValueNode? Known(List<(LoopValueNode Value, Node Outside)> given, Node outside) =>
        given.Where(pair => ReferenceEquals(pair.Outside, outside)).Select(pair => pair.Value).FirstOrDefault();
}
