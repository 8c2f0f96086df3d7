using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Graph;

/// <summary>The elements of the operand at other coordinates: permute, slice, flip, broadcast. Never a copy.</summary>
internal sealed class ViewNode(string name, Shape shape, Operand input) : Node(name, shape, input.Node.Type)
{
    public override IReadOnlyList<Operand> Operands { get; } = [input];

    public override object Attributes => NoAttributes;

    public override OperandForm OperandForm => OperandForm.Alias;

    public override Node With(IReadOnlyList<Operand> operands) => new ViewNode(Name, Shape, operands[0]);

    public override Residence Residence => Residence.Alias;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"view {text.Read(this, Operands[0])}";

    public override void Verify() => Verifier.RequireReads(this, mustStayInside: true);

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.View(this);
}

/// <summary>The elements of the operand in row-major order in another shape. The batch axis does not change.</summary>
internal sealed class ReshapeNode(string name, Shape shape, Node input) : Node(name, shape, input.Type)
{
    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override object Attributes => NoAttributes;

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new ReshapeNode(Name, Shape, operands[0].Node);

    public override Residence Residence => Residence.Alias;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"reshape {text.NameOf(Operands[0].Node)}";

    public override void Verify()
    {
        var from = Operands[0].Node.Shape;
        Verifier.Require(this, from.HasBatch == Shape.HasBatch && from.Length == Shape.Length, $"it holds as much as {from}");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Reshape(this);
}

/// <summary>The operands concatenated along an axis.</summary>
internal sealed class ConcatNode(string name, Shape shape, int axis, params Node[] parts) : Node(name, shape)
{
    public int Axis { get; } = axis;

    public override IReadOnlyList<Operand> Operands { get; } = [.. parts.Select(Operand.Whole)];

    public override object Attributes => Axis;

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new ConcatNode(Name, Shape, Axis, [.. operands.Select(part => part.Node)]);

    public override Residence Residence => Residence.Computed;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"concat {string.Join(", ", Operands.Select(operand => text.NameOf(operand.Node)))} along {Axis}";

    public override void Verify()
    {
        var total = 0;
        foreach (var part in Operands.Select(operand => operand.Node.Shape))
        {
            Verifier.Require(this, part.Rank == Shape.Rank, "parts have the same rank");
            Verifier.Require(this, Enumerable.Range(0, part.Rank).All(axis => axis == Axis || part[axis] == Shape[axis]), "parts agree beside the axis");
            total += part[Axis].Value;
        }

        Verifier.Require(this, total == Shape[Axis].Value, "the parts add up");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Concat(this);
}

/// <summary>The operand at <paramref name="start"/> in a larger tensor of zeros: the gradient of a slice.</summary>
internal sealed class PadNode(string name, Shape shape, IReadOnlyList<int> start, Node input) : Node(name, shape)
{
    public IReadOnlyList<int> Start { get; } = start;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override object Attributes => Start.ToEquatableArray();

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new PadNode(Name, Shape, Start, operands[0].Node);

    public override Residence Residence => Residence.Computed;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"pad {text.NameOf(Operands[0].Node)} at ({string.Join(", ", Start)})";

    public override void Verify()
    {
        var inner = Operands[0].Node.Shape;
        Verifier.Require(this, inner.Rank == Shape.Rank && Start.Count == inner.Rank, "rank stays");
        for (var axis = 0; axis < inner.Rank; axis++)
        {
            var fits = inner[axis].IsBatch
                ? Shape[axis].IsBatch && Start[axis] == 0
                : Start[axis] >= 0 && Start[axis] + inner[axis].Value <= Shape[axis].Value;
            Verifier.Require(this, fits, "the operand lies inside");
        }
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Pad(this);
}

/// <summary>
/// The elements of the operand, for readers that must run after another value has been computed: a control dependency. The other value is not read.
/// </summary>
/// <param name="input">The operand.</param>
/// <param name="other">The other value.</param>
internal sealed class AfterNode(Node input, Node other) : Node(input.Name, input.Shape, input.Type)
{
    /// <summary>The value that readers must run after.</summary>
    public Node Other => Operands[1].Node;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input), Operand.Whole(other)];

    public override object Attributes => NoAttributes;

    public override OperandForm OperandForm => OperandForm.Alias;

    public override Node With(IReadOnlyList<Operand> operands) => new AfterNode(operands[0].Node, operands[1].Node);

    public override Residence Residence => Residence.Alias;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"{text.NameOf(Operands[0].Node)} after {text.NameOf(Other)}";

    public override void Verify() => Verifier.Require(this, Shape == Operands[0].Node.Shape && Type == Operands[0].Node.Type, "the value stays");

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.After(this);
}

/// <summary>The operand as a constant for differentiation.</summary>
internal sealed class StopGradientNode(Node input) : Node(input.Name, input.Shape)
{
    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override object Attributes => NoAttributes;

    public override OperandForm OperandForm => OperandForm.Alias;

    public override Node With(IReadOnlyList<Operand> operands) => new StopGradientNode(operands[0].Node);

    public override Residence Residence => Residence.Alias;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"stop {text.NameOf(Operands[0].Node)}";

    public override void Verify() => Verifier.Require(this, Shape == Operands[0].Node.Shape, "the shape stays");

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.StopGradient(this);
}
