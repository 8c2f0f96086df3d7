namespace ModelDsl.Generator.Graph;

/// <summary>An input of the body of a loop: a carried value, an element of a sequence, or a value from outside.</summary>
internal sealed class LoopValueNode(string name, Shape shape, ElementType type = ElementType.Float) : LeafNode(name, shape, type)
{
    public override object Attributes => this;

    public override Residence Residence => Residence.Given;

    public override string Describe(NodeText text) => "given in each step";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.LoopValue(this);
}

/// <summary>The computation of one step of a loop. It reads its inputs and literals only, so it can be run separately.</summary>
/// <param name="carried">The values from the previous step.</param>
/// <param name="sequences">The elements of the sequences.</param>
/// <param name="invariants">Values that are the same in all steps.</param>
/// <param name="next">The next value of each carried value.</param>
/// <param name="outputs">Values that are kept from every step.</param>
/// <param name="totals">Values that are summed over the steps.</param>
internal sealed class ScanBody(
    IReadOnlyList<LoopValueNode> carried,
    IReadOnlyList<LoopValueNode> sequences,
    IReadOnlyList<LoopValueNode> invariants,
    IReadOnlyList<Node> next,
    IReadOnlyList<Node> outputs,
    IReadOnlyList<Node> totals)
{
    public IReadOnlyList<LoopValueNode> Carried { get; } = carried;

    public IReadOnlyList<LoopValueNode> Sequences { get; } = sequences;

    public IReadOnlyList<LoopValueNode> Invariants { get; } = invariants;

    /// <summary>All inputs, in the order of the loop's operands.</summary>
    public IReadOnlyList<LoopValueNode> Values { get; } = [.. carried, .. sequences, .. invariants];

    public IReadOnlyList<Node> Next { get; } = next;

    public IReadOnlyList<Node> Outputs { get; } = outputs;

    public IReadOnlyList<Node> Totals { get; } = totals;

    /// <summary>The body as a graph; its roots are the next carried values, the outputs and the totals.</summary>
    public ModelGraph Graph { get; } = new([
        .. next.Select((node, number) => new Root(RootKind.Step, $"next{number}", node)),
        .. outputs.Select((node, number) => new Root(RootKind.Step, $"output{number}", node)),
        .. totals.Select((node, number) => new Root(RootKind.Step, $"total{number}", node))]);

    /// <summary>Returns the same body with other nodes for its roots, in their order.</summary>
    public ScanBody With(ModelGraph graph)
    {
        Node[] roots = [.. graph.Roots.Select(root => root.Value)];
        return roots.SequenceEqual(Graph.Roots.Select(root => root.Value))
            ? this
            : new(
                Carried, Sequences, Invariants, [.. roots.Take(Next.Count)], [.. roots.Skip(Next.Count).Take(Outputs.Count)],
                [.. roots.Skip(Next.Count + Outputs.Count)]);
    }

    /// <summary>Returns the same body with additional outputs after the existing ones.</summary>
    public ScanBody WithOutputs(IEnumerable<Node> more) => new(Carried, Sequences, Invariants, Next, [.. Outputs, .. more], Totals);
}

/// <summary>
/// A loop over time. Each step computes the next carried values and reads one element of every sequence. The operands are the initial values, the sequences, whose time axis
/// follows the batch axis, and values that are the same in all steps. The loop itself has no value: see <see cref="ScanResultNode"/>.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="steps">The number of steps.</param>
/// <param name="isReversed">Whether the loop starts with the last element of each sequence.</param>
/// <param name="body">The body.</param>
/// <param name="operands">The operands.</param>
internal sealed class ScanNode(string name, int steps, bool isReversed, ScanBody body, IReadOnlyList<Node> operands) : Node(name, Shape.Scalar)
{
    public int Steps { get; } = steps;

    public bool IsReversed { get; } = isReversed;

    public ScanBody Body { get; } = body;

    public override IReadOnlyList<Operand> Operands { get; } = [.. operands.Select(Operand.Whole)];

    public IEnumerable<Node> Starts => Operands.Take(Body.Carried.Count).Select(operand => operand.Node);

    public override object Attributes => (Steps, IsReversed, Body);

    public override OperandForm OperandForm => OperandForm.Memory;

    /// <summary>The difference between the position that a step reads in the history of a carried value and the position of the element that it reads of a sequence.</summary>
    public int Before => IsReversed ? 1 : 0;

    /// <summary>The same difference for the position that a step writes.</summary>
    public int After => IsReversed ? 0 : 1;

    /// <summary>The position of the initial value in the history of a carried value.</summary>
    public int First => IsReversed ? Steps : 0;

    /// <summary>The position of the value that the last step computes.</summary>
    public int Last => IsReversed ? 0 : Steps;

    /// <summary>The shape of a result.</summary>
    public Shape ShapeOf(ScanResult result) => result.Kind switch
    {
        ScanResultKind.History => TimeAxis.Insert(Body.Next[result.Number].Shape, Steps + 1),
        ScanResultKind.Output => TimeAxis.Insert(Body.Outputs[result.Number].Shape, Steps),
        _ => Body.Totals[result.Number].Shape,
    };

    public override Node With(IReadOnlyList<Operand> operands) => new ScanNode(Name, Steps, IsReversed, Body, [.. operands.Select(operand => operand.Node)]);

    /// <summary>Returns the same loop with another body that has the same inputs.</summary>
    public ScanNode With(ScanBody body) =>
        ReferenceEquals(body, Body) ? this : new ScanNode(Name, Steps, IsReversed, body, [.. Operands.Select(operand => operand.Node)]);

    public override Residence Residence => Residence.Computed;

    public override long Flops => Steps * Body.Graph.Nodes.Sum(node => node.Flops);

    public override string Describe(NodeText text)
    {
        var given = Body.Values.Zip(Operands, (value, operand) => $"{value.Name} = {text.NameOf(operand.Node)}");
        var body = Printer.Print(Body.Graph).TrimEnd('\n').Replace("\n", "\n    ");
        return $"{Steps} steps{(IsReversed ? " from the last" : "")} of {string.Join(", ", given)}\n    {body}";
    }

    public override void Verify()
    {
        Verifier.Require(this, Steps > 0 && Operands.Count == Body.Values.Count, "the body is given the operands");
        for (var i = 0; i < Body.Values.Count; i++)
        {
            var (value, operand) = (Body.Values[i], Operands[i].Node);
            var isSequence = i >= Body.Carried.Count && i < Body.Carried.Count + Body.Sequences.Count;
            var expected = isSequence ? TimeAxis.Insert(value.Shape, Steps) : value.Shape;
            Verifier.Require(this, operand.Shape == expected && operand.Type == value.Type, $"'{value.Name}' {value.Shape} is given {expected}, not {operand.Shape}");
        }

        Verifier.Require(this, Body.Next.Select(next => next.Shape).SequenceEqual(Body.Carried.Select(carried => carried.Shape)), "carried values keep their shapes");
        var values = new HashSet<Node>(Body.Values);
        foreach (var inner in Body.Graph.Nodes)
        {
            if (inner is LeafNode) Verifier.Require(this, values.Contains(inner), $"the body reads nothing from outside, such as '{inner.Name}'");
            Verifier.Checked(inner);
        }
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Scan(this);
}

/// <summary>The kinds of results of a loop.</summary>
internal enum ScanResultKind
{
    /// <summary>The history of a carried value: its initial value and its value after each step, in the order of time. It has one position more than there are steps.</summary>
    History,

    /// <summary>An output of each step, in the order of time.</summary>
    Output,

    /// <summary>The sum of a value over the steps.</summary>
    Total,
}

/// <summary>A result of a loop.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Number">The index among the results of its kind.</param>
internal readonly record struct ScanResult(ScanResultKind Kind, int Number);

/// <summary>A result of a loop over time as a value.</summary>
internal sealed class ScanResultNode(string name, Shape shape, ScanResult result, Node scan) : Node(name, shape)
{
    public ScanResult Result { get; } = result;

    public ScanNode Scan => (ScanNode)Operands[0].Node;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(scan)];

    public override object Attributes => Result;

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new ScanResultNode(Name, Shape, Result, operands[0].Node);

    public override Residence Residence => Residence.Computed;

    public override long Flops => Result.Kind == ScanResultKind.Total ? Scan.Steps * Work.Elements(Shape) : 0;

    public override string Describe(NodeText text) =>
        $"{char.ToLowerInvariant(Result.Kind.ToString()[0])}{Result.Kind.ToString().Substring(1)} {Result.Number} of {text.NameOf(Scan)}";

    public override void Verify() => Verifier.Require(this, Operands[0].Node is ScanNode scan && Shape == scan.ShapeOf(Result), "it is a result of a loop");

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.ScanResult(this);
}
