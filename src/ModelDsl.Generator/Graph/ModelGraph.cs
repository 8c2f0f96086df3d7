namespace ModelDsl.Generator.Graph;

/// <summary>What a root of the graph is for; the plan computes exactly the roots it is asked for.</summary>
internal enum RootKind
{
    /// <summary>A raw output: logits.</summary>
    Output,

    /// <summary>An output after the loss's link: probabilities.</summary>
    Link,

    /// <summary>The mean loss, a scalar.</summary>
    Loss,

    /// <summary>The gradient of the mean loss by a parameter.</summary>
    Gradient,

    /// <summary>What a state is after the step.</summary>
    State,

    /// <summary>A value inside the network that inference can be asked for alone.</summary>
    Named,

    /// <summary>What the body of a loop computes in a step.</summary>
    Step,
}

/// <summary>A value somebody outside the graph reads.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Name">The output's name, or that of the parameter or state.</param>
/// <param name="Value">The value.</param>
/// <param name="Parameter">The parameter a gradient belongs to, or the state that becomes the value.</param>
internal sealed record Root(RootKind Kind, string Name, Node Value, ParameterNode? Parameter = null);

/// <summary>A graph as its roots; the nodes are what can be reached from them.</summary>
internal sealed class ModelGraph(IReadOnlyList<Root> roots)
{
    private IReadOnlyList<Node>? nodes;

    public IReadOnlyList<Root> Roots { get; } = roots;

    /// <summary>Every node that a root needs, operands before their readers, in an order that depends on nothing but the graph.</summary>
    public IReadOnlyList<Node> Nodes => nodes ??= Sort(Roots.Select(root => root.Value));

    /// <summary>Every node that the roots need, operands before their readers.</summary>
    public static IReadOnlyList<Node> Sort(IEnumerable<Node> roots) => Sort(roots, []);

    /// <summary>The same without those met before, and what only they need.</summary>
    /// <param name="roots">The roots.</param>
    /// <param name="seen">The nodes met before; those met now are added.</param>
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
