namespace ModelDsl.Generator.Graph;

/// <summary>
/// A buffer of a session after rows have been written at their positions: <c>out[n, …, positions[n, c], …] = rows[n, …, c, …]</c>. Other elements have the values that earlier
/// calls have written, or 0. If several rows have the same position, the first is kept.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="shape">The shape for all positions.</param>
/// <param name="axis">The axis of positions.</param>
/// <param name="offset">The offset of the buffer in the memory of a session, in elements per sample. It is the same in all graphs that share the session.</param>
/// <param name="rows">The rows: the shape with fewer positions.</param>
/// <param name="positions">The position of each row, [N, rows].</param>
internal sealed class CacheNode(string name, Shape shape, int axis, int offset, Node rows, Node positions) : Node(name, shape)
{
    public int Axis { get; } = axis;

    public int Offset { get; } = offset;

    public Node Rows => Operands[0].Node;

    public Node Positions => Operands[1].Node;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(rows), Operand.Whole(positions)];

    public override object Attributes => (Axis, Offset);

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new CacheNode(Name, Shape, Axis, Offset, operands[0].Node, operands[1].Node);

    public override Residence Residence => Residence.Computed;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"cache with {text.NameOf(Rows)} at {text.NameOf(Positions)} along {Axis}";

    public override void Verify()
    {
        var rows = Rows.Shape;
        Verifier.Require(this, Shape.HasBatch && Axis > 0 && Axis < Shape.Rank && rows.Rank == Shape.Rank, "positions are an axis of a sample");
        Verifier.Require(this, Enumerable.Range(0, rows.Rank).All(axis => axis == Axis || rows[axis] == Shape[axis]), "rows agree beside the positions");
        Verifier.Require(this, Positions.Type == ElementType.Int && Positions.Shape == Graph.Shape.Of(Extent.Batch, rows[Axis]), "each row has a position");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Cache(this);
}
