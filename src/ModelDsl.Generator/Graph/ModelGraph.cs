namespace ModelDsl.Generator.Graph;

/// <summary>The purpose of a root of the graph; the plan computes exactly the requested roots.</summary>
internal enum RootKind
{
    /// <summary>A raw output: logits.</summary>
    Output,

    /// <summary>An output after the output activation of the loss: probabilities.</summary>
    OutputActivation,

    /// <summary>The mean loss, a scalar.</summary>
    Loss,

    /// <summary>The gradient of the mean loss with respect to a parameter.</summary>
    Gradient,

    /// <summary>The value of a state after the step.</summary>
    State,

    /// <summary>A named value inside the network, which inference can compute without the outputs.</summary>
    Named,

    /// <summary>A root of the body of a loop: a value that a step computes.</summary>
    Step,

    /// <summary>A value that a session keeps for later calls.</summary>
    Kept,

    /// <summary>A value that a session computes once, from its inputs beside the tokens.</summary>
    Encoded,

    /// <summary>A mark: an input of a block that the backward pass computes again. A plan does not compute marks; they follow values through the passes.</summary>
    RecomputedInput,

    /// <summary>A mark: the output of such a block.</summary>
    RecomputedOutput,

    /// <summary>A mark: the gradient of the output of such a block.</summary>
    RecomputedGradient,
}

/// <summary>A value of the graph that is read outside it.</summary>
/// <param name="Kind">The purpose.</param>
/// <param name="Name">The output's name, or that of the parameter or state.</param>
/// <param name="Value">The value.</param>
/// <param name="Parameter">The parameter of a gradient, or the state that gets the value.</param>
internal sealed record Root(RootKind Kind, string Name, Node Value, ParameterNode? Parameter = null)
{
    /// <summary>Whether the root only follows a value through the passes.</summary>
    public bool IsMark => Kind is RootKind.RecomputedInput or RootKind.RecomputedOutput or RootKind.RecomputedGradient;

    /// <summary>For <see cref="RootKind.Encoded"/>: the offset of the buffer in the memory of a session, in elements per sample.</summary>
    public int Offset { get; init; }
}

/// <summary>A graph, defined by its roots; the nodes are those that are reachable from the roots.</summary>
internal sealed class ModelGraph(IReadOnlyList<Root> roots)
{
    private IReadOnlyList<Node>? nodes;

    public IReadOnlyList<Root> Roots { get; } = roots;

    /// <summary>All nodes that a root needs, operands before their readers, in an order that depends only on the graph.</summary>
    public IReadOnlyList<Node> Nodes => nodes ??= Sort(Roots.Select(root => root.Value));

    /// <summary>Returns all nodes that the roots need, operands before their readers.</summary>
    public static IReadOnlyList<Node> Sort(IEnumerable<Node> roots) => Sort(roots, []);

    /// <summary>Returns all nodes that the roots need, without those in a set and the nodes that only they need.</summary>
    /// <param name="roots">The roots.</param>
    /// <param name="seen">The nodes to omit; the returned nodes are added.</param>
    public static IReadOnlyList<Node> Sort(IEnumerable<Node> roots, HashSet<Node> seen)
    {
        var sorted = new List<Node>();
        var stack = new Stack<(Node Node, bool Done)>();
        foreach (var root in roots)
        {
            stack.Push((root, false));
            while (stack.Count > 0)
            {
                var (node, done) = stack.Pop();
                if (done) sorted.Add(node);
                if (done || !seen.Add(node)) continue;
                stack.Push((node, true));
                for (var i = node.Operands.Count - 1; i >= 0; i--) stack.Push((node.Operands[i].Node, false));
            }
        }

        return sorted;
    }
}
