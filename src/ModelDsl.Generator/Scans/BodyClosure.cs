using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Scans;

/// <summary>
/// Makes a loop of nodes that were built on the values of a step and on whatever stood around them: what comes from outside becomes an operand, and random numbers that are
/// drawn in a step become elements of a sequence, which the step counts.
/// </summary>
/// <param name="name">What the loop is called.</param>
/// <param name="steps">The number of steps.</param>
internal sealed class BodyClosure(string name, int steps)
{
    private readonly List<(LoopValueNode Value, Node Start)> carried = [];
    private readonly List<(LoopValueNode Value, Node Elements)> sequences = [];
    private readonly List<(LoopValueNode Value, Node Outside)> invariants = [];
    private readonly Dictionary<Node, Node> inside = [];

    /// <summary>Whether random numbers are drawn in each step anew; others are drawn once, outside.</summary>
    public Func<RandomNode, bool> IsDrawnInside { get; init; } = _ => false;

    /// <summary>Whether the loop begins with the last element of each sequence.</summary>
    public bool IsReversed { get; init; }

    /// <summary>A value that goes from step to step.</summary>
    public LoopValueNode Carry(string what, Node start)
    {
        var value = new LoopValueNode(what, start.Shape);
        carried.Add((value, start));
        inside.Add(value, value);
        return value;
    }

    /// <summary>The element of a sequence that a step reads.</summary>
    public LoopValueNode Element(string what, Node elements)
    {
        var value = new LoopValueNode(what, TimeAxis.Remove(elements.Shape), elements.Type);
        sequences.Add((value, elements));
        inside.Add(value, value);
        return value;
    }

    /// <summary>Says what stands for a node of another body.</summary>
    public void Know(Node node, Node here) => inside[node] = here;

    /// <summary>Says that a node of another body is given to this one as an element of a sequence, or as a value from outside.</summary>
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

    /// <summary>The loop.</summary>
    /// <param name="next">What the carried values become.</param>
    /// <param name="outputs">What is kept of each step.</param>
    /// <param name="totals">What is summed over the steps.</param>
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

    /// <summary>What stands for a node in the body: literals are themselves, and what does not depend on the step is given.</summary>
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
