using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Recompute;

/// <summary>
/// Gives the backward pass of recomputed blocks copies of the forward nodes that it reads, so that their values need not be kept. The copies are computed from the inputs of the
/// block after the gradient of its output is known: an <see cref="AfterNode"/> around each input makes them wait, and makes them different from the nodes that they are
/// copies of. It runs after the last simplification, so that both passes compute the same operations, with the same bits.
/// </summary>
internal sealed class BlockRecomputation
{
    private readonly ModelGraph graph;
    private readonly BlockNodes[] blocks;
    private readonly Dictionary<Node, int> blockOf = [];
    private readonly HashSet<Node> chained;
    private readonly HashSet<Node> forward;
    private readonly NodeMarks after;
    private readonly NodeMarks before;
    private readonly Dictionary<Node, Node> map = [];
    private readonly Dictionary<Node, Node> copies = [];
    private readonly Dictionary<(int Block, Node Node), Node> delayed = [];

    private BlockRecomputation(ModelGraph graph, BlockNodes[] blocks, HashSet<Node> chained)
    {
        (this.graph, this.blocks, this.chained) = (graph, blocks, chained);
        forward = [.. ModelGraph.Sort(graph.Roots.Where(root => root.Kind != RootKind.Gradient).Select(root => root.Value))];
        for (var i = 0; i < blocks.Length; i++)
        {
            foreach (var node in blocks[i].Computed.Where(node => !blockOf.ContainsKey(node))) blockOf.Add(node, i);
        }

        Node?[] gradients = [.. blocks.Select(block => block.Gradient)];
        (after, before) = (NodeMarks.Dependencies(graph.Nodes, gradients), NodeMarks.Dependents(graph.Nodes, gradients));
        KeepOutputs();
        foreach (var node in graph.Nodes) FindDerived(node);
    }

    /// <summary>Returns the graph without marks, in which the backward pass computes the marked blocks again.</summary>
    public static ModelGraph Run(ModelGraph marked)
    {
        var graph = RecomputedBlock.WithoutMarks(marked);
        if (graph == marked) return graph;
        var positions = new GraphPositions(graph);

        var chains = Chains.Of(new ModelGraph([.. graph.Roots.Where(root => root.Kind != RootKind.Output)]), ChainForm.Long);
        BlockNodes[] blocks = [.. RecomputedBlock.Of(marked).Where(block => block.Gradient is not null).Select(block => new BlockNodes(block, positions, chains)).Where(block => block.Computed.Count > 0)];
        return blocks.Length == 0 ? graph : Verifier.Checked(new BlockRecomputation(graph, blocks, [.. chains.SelectMany(chain => chain.Members)]).Run());
    }

    private ModelGraph Run()
    {
        foreach (var node in graph.Nodes) map[node] = With(node, operand => IsReadAgain(node, operand) ? CopyOf(operand) : map[operand]);
        return new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]);
    }

    /// <summary>Removes outputs from their blocks that are kept anyway: as the input of another block, or for the backward pass of what follows.</summary>
    private void KeepOutputs()
    {
        var kept = new HashSet<Node>(blocks.SelectMany(block => block.Inputs));
        foreach (var node in graph.Nodes.Where(node => !forward.Contains(node)))
        {
            kept.UnionWith(node.Operands.Select(operand => operand.Node).Where(operand => blockOf.TryGetValue(operand, out var block) && blocks[block].Output == operand && !after.Has(node, block)));
        }

        foreach (var output in blocks.Select(block => block.Output).OfType<Node>().Where(kept.Contains)) blockOf.Remove(output);
    }

    /// <summary>
    /// Adds a node to a block if only the backward pass needs it and it depends on values of the block, but not on the gradient of the output: a part of a derivative, such as a softmax.
    /// </summary>
    private void FindDerived(Node node)
    {
        if (forward.Contains(node) || chained.Contains(node) || !node.Shape.HasBatch) return;
        foreach (var operand in node.Operands)
        {
            if (!blockOf.TryGetValue(operand.Node, out var block) || operand.Node == blocks[block].Output) continue;
            if (after.Has(node, block) || before.Has(node, block) || blocks[block].Gradient == node) continue;
            blockOf[node] = block;
            return;
        }
    }

    /// <summary>Whether a node belongs to the backward pass of a block and an operand to its forward pass.</summary>
    private bool IsReadAgain(Node node, Node operand) => !chained.Contains(node) && blockOf.TryGetValue(operand, out var block) && after.Has(node, block);

    /// <summary>Returns the copy of a node. The traversal is not recursive, because a block may be deeper than the stack.</summary>
    private Node CopyOf(Node root)
    {
        var block = blockOf[root];
        bool IsCopied(Node node) => blockOf.TryGetValue(node, out var other) && other == block;
        var stack = new Stack<Node>([root]);
        while (stack.Count > 0)
        {
            var node = stack.Peek();
            var open = node.Operands.Select(operand => operand.Node).Where(operand => IsCopied(operand) && !copies.ContainsKey(operand)).ToArray();
            foreach (var operand in open) stack.Push(operand);
            if (open.Length > 0) continue;
            stack.Pop();
            if (!copies.ContainsKey(node)) copies[node] = node.With([.. node.Operands.Select(operand => operand with { Node = IsCopied(operand.Node) ? copies[operand.Node] : Delayed(operand.Node, block) })]);
        }

        return copies[root];
    }

    /// <summary>Returns a value from outside a block; an input of the block after the gradient of its output.</summary>
    private Node Delayed(Node node, int block)
    {
        if (delayed.TryGetValue((block, node), out var known)) return known;
        var source = Aliases.Source(node);
        var isInput = blocks[block].Inputs.Contains(node) || blocks[block].Inputs.Contains(source) || blocks[block].Inputs.Any(input => Aliases.Source(input) == source);
        if (!isInput) return map[node];
        return delayed[(block, node)] = Aliases.IsAlias(node)
            ? node.With([.. node.Operands.Select(operand => operand with { Node = Delayed(operand.Node, block) })])
            : Verifier.Checked(new AfterNode(map[node], map[blocks[block].Gradient!]));
    }

    private static Node With(Node node, Func<Node, Node> operand)
    {
        var operands = node.Operands.Select(read => read with { Node = operand(read.Node) }).ToArray();
        return operands.Zip(node.Operands, (a, b) => ReferenceEquals(a.Node, b.Node)).All(same => same) ? node : node.With(operands);
    }
}
