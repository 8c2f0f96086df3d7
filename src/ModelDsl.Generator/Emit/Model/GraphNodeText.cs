using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The C# of the description of a node: an instance of the runtime's <c>GraphNode</c>.</summary>
/// <param name="constants">The constants in the description of the model, in its order.</param>
/// <param name="loop">Returns the description of a loop.</param>
internal sealed class GraphNodeText(IReadOnlyList<ConstantNode> constants, Func<ScanNode, string> loop) : PartialVisitor<IReadOnlyList<string>>
{
    /// <summary>Returns the description of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="numbers">The indices of the nodes of its graph.</param>
    public string Of(Node node, IReadOnlyDictionary<Node, int> numbers)
    {
        var operands = node.Operands.Select(operand => operand.Map.IsIdentity(operand.Node.Shape.Rank) ? $"new({numbers[operand.Node]})" : $"new({numbers[operand.Node]}, {Map(operand.Map)})");
        string[] more =
        [
            .. node.Type == ElementType.Int ? ["IsInteger = true"] : Array.Empty<string>(),
            .. node.Domain == node.Shape || node is LogSumExpNode ? Array.Empty<string>() : [$"Domain = {Extents(node.Domain)}"],
            .. node.Accept(this),
        ];
        return $"new(GraphNodeKind.{KindOf(node)}, {Literals.Text(node.Name)}, {Extents(node.Shape)}, [{string.Join(", ", operands)}]){(more.Length == 0 ? "" : $" {{ {string.Join(", ", more)} }}")}";
    }

    public override IReadOnlyList<string> Input(InputNode node) => [$"Number = {node.Column}"];

    public override IReadOnlyList<string> Parameter(ParameterNode node) => [];

    public override IReadOnlyList<string> State(StateNode node) => [];

    public override IReadOnlyList<string> Constant(ConstantNode node)
    {
        var number = constants.ToList().IndexOf(node);
        return number >= 0 ? [$"Number = {number}"] : ["Number = -1", $"Values = [{string.Join(", ", node.Values.Select(value => Literals.Float(value)))}]"];
    }

    public override IReadOnlyList<string> InverseBatch(InverseBatchNode node) => [];

    public override IReadOnlyList<string> Random(RandomNode node) => [];

    public override IReadOnlyList<string> Map(MapNode node) => [Body(node.Body)];

    public override IReadOnlyList<string> Contract(ContractNode node) => [$"Output = {Map(node.Output)}"];

    public override IReadOnlyList<string> Reduce(ReduceNode node) => [$"Output = {Map(node.Output)}", $"Reduction = GraphReduction.{node.Op}", Body(node.Body)];

    public override IReadOnlyList<string> LogSumExp(LogSumExpNode node) => [];

    public override IReadOnlyList<string> View(ViewNode node) => [];

    public override IReadOnlyList<string> Reshape(ReshapeNode node) => [];

    public override IReadOnlyList<string> Concat(ConcatNode node) => [$"Axis = {node.Axis}"];

    public override IReadOnlyList<string> Pad(PadNode node) => [$"Start = [{string.Join(", ", node.Start)}]"];

    public override IReadOnlyList<string> Gather(GatherNode node) => [];

    public override IReadOnlyList<string> ScatterAdd(ScatterAddNode node) => [];

    public override IReadOnlyList<string> StopGradient(StopGradientNode node) => [];

    public override IReadOnlyList<string> LoopValue(LoopValueNode node) => [$"Number = {LoopValues[node]}"];

    public override IReadOnlyList<string> Scan(ScanNode node)
    {
        for (var number = 0; number < node.Body.Values.Count; number++) LoopValues[node.Body.Values[number]] = number;
        return [$"Loop = {loop(node)}"];
    }

    public override IReadOnlyList<string> ScanResult(ScanResultNode node) => [$"Number = {node.Result.Number}", $"Result = GraphLoopResult.{node.Result.Kind}"];

    /// <summary>Nodes of sessions and of backward passes only.</summary>
    protected override IReadOnlyList<string> Otherwise(Node node) => throw new InvalidGraphException($"'{node.Name}', a {node.GetType().Name}, has no description");

    private Dictionary<LoopValueNode, int> LoopValues { get; } = [];

    private static string KindOf(Node node) => node switch
    {
        ScanNode => "Loop",
        ScanResultNode => "LoopResult",
        _ => node.GetType().Name.Substring(0, node.GetType().Name.Length - nameof(Node).Length),
    };

    private static string Extents(Shape shape) => $"[{string.Join(", ", shape.Extents.Select(extent => extent.IsBatch ? "-1" : Literals.Int(extent.Value)))}]";

    private static string Map(IndexMap map) => $"[{string.Join(", ", map.Coordinates.Select(Coordinate))}]";

    private static string Coordinate(Coordinate coordinate) =>
        $"new({Literals.Int(coordinate.Offset)}, [{string.Join(", ", coordinate.Terms.Select(term => $"new({term.Axis}, {term.Scale})"))}])";

    private static string Body(Expr body)
    {
        var parts = ExprWalk.All(body);
        var numbers = new Dictionary<Expr, int>();
        var instructions = new List<string>();
        foreach (var part in parts)
        {
            if (numbers.ContainsKey(part)) continue;
            numbers.Add(part, instructions.Count);
            instructions.Add(part switch
            {
                Leaf leaf => $"new(GraphScalarOperation.Input, {leaf.Input})",
                Constant constant => $"new({Literals.Double(constant.Value)})",
                AxisIndex index => $"new(GraphScalarOperation.Index, {index.Axis})",
                Apply apply => $"new(GraphScalarOperation.{apply.Op}, {string.Join(", ", apply.Args.Select(argument => numbers[argument]))})",
                _ => throw new InvalidGraphException($"the expression {part} has no description"),
            });
        }

        return $"Body = [{string.Join(", ", instructions)}]";
    }
}
