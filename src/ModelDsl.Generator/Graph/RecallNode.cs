namespace ModelDsl.Generator.Graph;

/// <summary>
/// The value that a session has kept for the position before the first row, from which a loop over later positions continues:
/// <c>out[n, …] = positions[n, 0] = 0 ? start[n, …] : kept[n, positions[n, 0] − 1, …]</c>.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="length">The number of positions that the session keeps.</param>
/// <param name="offset">The offset of the buffer in the memory of a session, in elements per sample. It is the offset of the <see cref="CacheNode"/> that writes the buffer.</param>
/// <param name="start">The value before position 0.</param>
/// <param name="positions">The position of each row, [N, rows].</param>
internal sealed class RecallNode(string name, int length, int offset, Node start, Node positions) : Node(name, start.Shape)
{
    public int Length { get; } = length;

    public int Offset { get; } = offset;

    public Node Start => Operands[0].Node;

    public Node Positions => Operands[1].Node;

    /// <summary>The shape of the buffer.</summary>
    public Shape Kept => TimeAxis.Insert(Shape, Length);

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(start), Operand.Whole(positions)];

    public override object Attributes => (Length, Offset);

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new RecallNode(Name, Length, Offset, operands[0].Node, operands[1].Node);

    public override Residence Residence => Residence.Computed;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"kept before {text.NameOf(Positions)}, {text.NameOf(Start)} before the first";

    public override void Verify()
    {
        Verifier.Require(this, Shape.HasBatch && Shape.Rank > 1 && Start.Type == ElementType.Float, "each sample has values");
        Verifier.Require(this, Positions.Type == ElementType.Int && Positions.Shape.Rank == 2 && Positions.Shape.HasBatch, "each row has a position");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Recall(this);
}
