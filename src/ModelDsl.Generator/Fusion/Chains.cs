using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>Finds the chains of a graph: values that are connected by matrices that only chain members read.</summary>
internal sealed class Chains
{
    private readonly ModelGraph graph;
    private readonly ChainForm form;
    private readonly Dictionary<Node, int>? parts;

    // The number of the chain that a value would belong to. Joined chains have one representative.
    private readonly Dictionary<Node, int> componentOf = [];
    private readonly List<int> joined = [];
    private readonly HashSet<Node> matrices = [];
    private readonly HashSet<int> broken = [];

    private Chains(ModelGraph graph, ChainForm form, Dictionary<Node, int>? parts) => (this.graph, this.form, this.parts) = (graph, form, parts);

    /// <summary>The chains of all forms.</summary>
    /// <param name="graph">The graph, in which statistics are expanded.</param>
    /// <param name="parts">The part of the plan that computes each node.</param>
    public static IReadOnlyList<Chain> Of(ModelGraph graph, Dictionary<Node, int> parts)
    {
        var chains = Of(graph, ChainForm.Long, parts);
        var taken = new HashSet<Node>(chains.SelectMany(chain => chain.Members));
        return [.. chains, .. Of(graph, ChainForm.Short, parts).Where(chain => !chain.Members.Any(taken.Contains))];
    }

    /// <summary>The chains of a form.</summary>
    /// <param name="graph">The graph, in which statistics are expanded.</param>
    /// <param name="form">The form.</param>
    /// <param name="parts">The part of the plan that computes each node; null if a chain may extend over several parts.</param>
    public static IReadOnlyList<Chain> Of(ModelGraph graph, ChainForm form, Dictionary<Node, int>? parts = null) =>
        graph.Nodes.Any(node => node is ContractNode contract && form.IsProducer(contract)) ? new Chains(graph, form, parts).Find() : [];

    /// <summary>Whether a graph may have chains.</summary>
    public static bool MayBeIn(ModelGraph graph) => graph.Nodes.Any(node => node is ContractNode contract && (ChainForm.Short.IsProducer(contract) || ChainForm.Long.IsProducer(contract)));

    private List<Chain> Find()
    {
        foreach (var node in graph.Nodes) Take(node);
        LeaveRowsNobodyNeeds();
        CheckReaders();
        if (parts is not null || form == ChainForm.Long) CheckOrder();
        var chains = new List<Chain>();
        foreach (var members in graph.Nodes.Where(componentOf.ContainsKey).GroupBy(node => Component(node)).Where(members => members.Any(matrices.Contains)))
        {
            var chain = new Chain(members.First(matrices.Contains).Shape, [.. members], [.. members.Where(matrices.Contains)], form);
            var isWhole = !broken.Contains(members.Key) && members.Any(member => member is ContractNode && !matrices.Contains(member)) && form.CanRun(chain)
                && (parts is null || members.Select(member => parts[member]).Distinct().Count() == 1);
            if (isWhole) chains.Add(chain);
        }

        return chains;
    }

    /// <summary>Adds a node to the chains of the matrices and rows that it reads.</summary>
    private void Take(Node node)
    {
        switch (node)
        {
            case ContractNode contract when MatrixOperand(contract) is { } operand:
                // A product of two matrices, or one that sums neither rows nor columns, requires them in memory.
                if (contract.Operands.Count(read => matrices.Contains(read.Node)) == 1 && form.IsConsumer(contract, operand)) Join(node, [contract.Operands[operand].Node]);
                break;
            case ContractNode contract when form.IsProducer(contract):
                matrices.Add(node);
                Join(node, []);
                break;
            case MapNode map:
                var read = map.Operands.Where(operand => IsMatrixOf(operand, map.Shape)).Select(operand => operand.Node).ToArray();
                var rows = map.Operands.Where(operand => IsOfPart(operand.Node, map) && map.Shape.Rank > 0 && IsRowOf(operand, map.Shape.WithoutLast())).Select(operand => operand.Node).ToArray();
                if (read.Length > 0)
                {
                    if (AsksForLead(map) || !CanRead(map, map.Shape.Rank - 1)) break;
                    matrices.Add(node);
                    Join(node, [.. read, .. rows]);
                }
                else if (!ExprWalk.All(map.Body).Any(part => part is AxisIndex) && map.Operands.Where(operand => IsOfPart(operand.Node, map) && IsRowOf(operand, map.Shape)).Select(operand => operand.Node).ToArray() is { Length: > 0 } values && CanRead(map, map.Shape.Rank))
                {
                    Join(node, values);
                }

                break;
            case ReduceNode reduce when reduce.Operands.Any(operand => matrices.Contains(operand.Node)):
                if (IsReductionOf(reduce) && CanRead(reduce, reduce.Domain.Rank - 1)) Join(node, [.. reduce.Operands.Select(operand => operand.Node).Where(operand => IsOfPart(operand, reduce))]);
                break;
        }
    }

    /// <summary>Whether a node reduces the columns of each row, or sums the rows if the form of the chain allows it.</summary>
    private bool IsReductionOf(ReduceNode reduce) =>
        ((RowSpace.IsRowReduction(reduce) && reduce.Op != ReduceOp.ArgMax) || form.IsSumOfRows(reduce))
        && reduce.Operands.All(operand => !matrices.Contains(operand.Node) || IsMatrixOf(operand, reduce.Domain))
        && ExprWalk.All(reduce.Body).OfType<AxisIndex>().All(index => form.HasIndexInReductions && form.HasIndex(index.Axis, reduce.Domain.Rank));

    private int? MatrixOperand(ContractNode contract) => matrices.Contains(contract.A.Node) ? 0 : matrices.Contains(contract.B.Node) ? 1 : null;

    private bool IsMatrixOf(Operand operand, Shape shape) => matrices.Contains(operand.Node) && operand.Map.IsIdentity(shape.Rank) && operand.Node.Shape == shape;

    /// <summary>Whether a value of a chain may belong to the chain of another node. Values of another part are read from memory.</summary>
    private bool IsOfPart(Node value, Node reader) => componentOf.ContainsKey(value) && (parts is null || parts[value] == parts[reader]);

    /// <summary>Whether an operand is a value of rows that is read at the row of the reader.</summary>
    private bool IsRowOf(Operand operand, Shape rows) =>
        !matrices.Contains(operand.Node) && operand.Node is not ContractNode && operand.Map.IsIdentity(rows.Rank) && operand.Node.Shape == rows;

    private bool CanRead(Node node, int rows) => form.CanRead(node, rows, componentOf.ContainsKey);

    /// <summary>Whether a map uses an index that differs between blocks.</summary>
    private bool AsksForLead(MapNode map) => ExprWalk.All(map.Body).Any(part => part is AxisIndex index && !form.HasIndex(index.Axis, map.Shape.Rank));

    private void Join(Node node, IReadOnlyList<Node> with)
    {
        var number = joined.Count;
        joined.Add(number);
        componentOf[node] = number;
        foreach (var other in with.Where(componentOf.ContainsKey)) joined[Component(other)] = Component(node);
    }

    private int Component(Node node)
    {
        var number = componentOf[node];
        while (joined[number] != number) number = joined[number];
        return number;
    }

    /// <summary>Removes values of rows that no matrix of the chain depends on. They are computed outside the chain.</summary>
    private void LeaveRowsNobodyNeeds()
    {
        var needed = new HashSet<Node>();
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!componentOf.ContainsKey(node)) continue;
            var isRowMap = node is MapNode && !matrices.Contains(node);
            if (isRowMap && !needed.Contains(node))
            {
                componentOf.Remove(node);
                continue;
            }

            if (node is not ContractNode) needed.UnionWith(node.Operands.Select(operand => operand.Node));
        }
    }

    /// <summary>Rejects chains with a matrix that is read in any other way, because it has to be stored.</summary>
    private void CheckReaders()
    {
        foreach (var root in graph.Roots.Where(root => matrices.Contains(root.Value))) broken.Add(Component(root.Value));
        foreach (var reader in graph.Nodes)
        {
            foreach (var operand in reader.Operands.Where(operand => matrices.Contains(operand.Node)))
            {
                if (!componentOf.ContainsKey(reader) || Component(reader) != Component(operand.Node)) broken.Add(Component(operand.Node));
            }
        }
    }

    /// <summary>Rejects chains that read a value from outside which depends on the chain.</summary>
    private void CheckOrder()
    {
        var sorted = new HashSet<Node>(ChainOrder.Sort(graph.Nodes, node => componentOf.ContainsKey(node) ? Component(node) : -1));
        foreach (var node in graph.Nodes.Where(node => componentOf.ContainsKey(node) && !sorted.Contains(node))) broken.Add(Component(node));
    }
}
