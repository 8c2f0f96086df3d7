namespace ModelDsl.Generator.Graph;

/// <summary>A value that a loop gives its body in each step: a carried value, an element of a sequence, or something from outside.</summary>
internal sealed class LoopValueNode(string name, Shape shape, ElementType type = ElementType.Float) : LeafNode(name, shape, type)
{
    public override object Attributes => this;

    public override Residence Residence => Residence.Given;

    public override string Describe(NodeText text) => "given in each step";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.LoopValue(this);
}

/// <summary>
/// What a loop computes in a step. It reads the values it is given, literals, and nothing else; so it can be run anywhere.
/// </summary>
/// <param name="carried">The values of the step before.</param>
/// <param name="sequences">The elements of the sequences.</param>
/// <param name="invariants">Values that are the same in all steps.</param>
/// <param name="next">What the carried values become, one each.</param>
/// <param name="outputs">Values that are kept of every step.</param>
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

    /// <summary>All values it is given, in the order of the loop's operands.</summary>
    public IReadOnlyList<LoopValueNode> Values { get; } = [.. carried, .. sequences, .. invariants];

    public IReadOnlyList<Node> Next { get; } = next;

    public IReadOnlyList<Node> Outputs { get; } = outputs;

    public IReadOnlyList<Node> Totals { get; } = totals;

    /// <summary>The body as a graph; its roots are the next carried values, the outputs and the totals.</summary>
    public ModelGraph Graph { get; } = new([
        .. next.Select((node, number) => new Root(RootKind.Step, $"next{number}", node)),
        .. outputs.Select((node, number) => new Root(RootKind.Step, $"output{number}", node)),
        .. totals.Select((node, number) => new Root(RootKind.Step, $"total{number}", node))]);

    /// <summary>The same body with other nodes for its roots, in their order.</summary>
    public ScanBody With(ModelGraph graph)
    {
        Node[] roots = [.. graph.Roots.Select(root => root.Value)];
        return roots.SequenceEqual(Graph.Roots.Select(root => root.Value))
            ? this
            : new(
                Carried, Sequences, Invariants, [.. roots.Take(Next.Count)], [.. roots.Skip(Next.Count).Take(Outputs.Count)],
                [.. roots.Skip(Next.Count + Outputs.Count)]);
    }

    /// <summary>The same body with more outputs behind its own.</summary>
    public ScanBody WithOutputs(IEnumerable<Node> more) => new(Carried, Sequences, Invariants, Next, [.. Outputs, .. more], Totals);
}

/// <summary>
/// A loop over time: from its starting values, carried values go from step to step, and each step reads one element of every sequence. Its operands are the starts, the
/// sequences, whose time axis stands behind the batch axis, and values that are the same in all steps. It has no value itself: see <see cref="ScanResultNode"/>.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="steps">The number of steps.</param>
/// <param name="isReversed">Whether the last element of each sequence comes first.</param>
/// <param name="body">A step.</param>
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

    /// <summary>The position of the value that a step reads, in the history of a carried value, less the position of the element it reads of a sequence.</summary>
    public int Before => IsReversed ? 1 : 0;

    /// <summary>The same for the value that a step computes.</summary>
    public int After => IsReversed ? 0 : 1;

    /// <summary>The position of the starting value in the history of a carried value.</summary>
    public int First => IsReversed ? Steps : 0;

    /// <summary>The position of what the last step computes.</summary>
    public int Last => IsReversed ? 0 : Steps;

    /// <summary>The shape of a result.</summary>
    public Shape ShapeOf(ScanResult result) => result.Kind switch
    {
        ScanResultKind.History => TimeAxis.Insert(Body.Next[result.Number].Shape, Steps + 1),
        ScanResultKind.Output => TimeAxis.Insert(Body.Outputs[result.Number].Shape, Steps),
        _ => Body.Totals[result.Number].Shape,
    };

    public override Node With(IReadOnlyList<Operand> operands) => new ScanNode(Name, Steps, IsReversed, Body, [.. operands.Select(operand => operand.Node)]);

    /// <summary>The same loop with another body that is given the same values.</summary>
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

/// <summary>What of a loop is read.</summary>
internal enum ScanResultKind
{
    /// <summary>A carried value: its start and what it was after each step, in the order of time, one position more than there are steps.</summary>
    History,

    /// <summary>An output of each step, in the order of time.</summary>
    Output,

    /// <summary>The sum of a value over the steps.</summary>
    Total,
}

/// <summary>A result of a loop.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Which of its kind.</param>
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
